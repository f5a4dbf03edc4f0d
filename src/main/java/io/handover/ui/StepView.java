package io.handover.ui;

/// One row of the rail.
///
/// @param id        which step
/// @param state     how it stands
/// @param current   whether its page is shown
/// @param reachable whether its page can be shown
/// @param name      for people
/// @param hint      a few words on how it stands
public record StepView(PageId id, StepState state, boolean current, boolean reachable, String name, String hint) {}
