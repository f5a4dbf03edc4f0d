/// The stream while it runs: lag over time, row counts on both sides, who is writing.
package io.handover.ui.replicate;
