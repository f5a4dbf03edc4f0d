/// The baseline: what moves, how far the copy is, what it costs the source.
package io.handover.ui.snapshot;
