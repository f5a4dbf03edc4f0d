package io.handover.model;

import java.time.Duration;

/// One run of a user's hook.
///
/// @param name    `before-freeze`, `switch`, `health-check` or `after`
/// @param command what was run, without the environment
/// @param exit    its status, or the HTTP status; -1 if it could not be run or ran out of time
/// @param ok      whether that counts as success
/// @param output  what it printed, at most 16,000 characters, passwords masked
/// @param took    how long
public record HookRun(String name, String command, int exit, boolean ok, String output, Duration took) {}
