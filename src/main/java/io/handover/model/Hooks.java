package io.handover.model;

import java.time.Duration;

/// The user's own commands around a cutover, run by the shell with the connection strings in their environment.
/// Every text is empty where there is no such hook.
///
/// @param beforeFreeze  before writes are stopped; non-zero aborts the cutover
/// @param switchOver    points the application at the new owner; runs after the point of no return, and may run
///                      again after a crash, so it must bear repetition; non-zero rolls back
/// @param healthUrl     asked by HTTP GET after the switch; anything but 2xx rolls back
/// @param healthCommand run after the switch; non-zero rolls back
/// @param after         last, when all is done; its failure is reported and changes nothing
/// @param timeLimit     for each of them
public record Hooks(
        String beforeFreeze,
        String switchOver,
        String healthUrl,
        String healthCommand,
        String after,
        Duration timeLimit) {

    /// No hooks at all.
    public static Hooks none() {
        return new Hooks("", "", "", "", "", Duration.ofSeconds(30));
    }
}
