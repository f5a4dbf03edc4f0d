/// The migration itself: one conductor thread owns every transition and journal line, steps run on their own
/// thread and report, samplers have their own connections.
package io.handover.engine;
