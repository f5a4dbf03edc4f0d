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
/// @param healthWrites  whether the application must have written a row on the new owner within the time limit;
///                      else it is rolled back
public record Hooks(
        String beforeFreeze,
        String switchOver,
        String healthUrl,
        String healthCommand,
        String after,
        Duration timeLimit,
        Boolean healthWrites) {

    /// Older plans do not say whether the application must write.
    public Hooks {
        healthWrites = healthWrites != null && healthWrites;
    }

    /// Without that check.
    public Hooks(
            String beforeFreeze,
            String switchOver,
            String healthUrl,
            String healthCommand,
            String after,
            Duration timeLimit) {
        this(beforeFreeze, switchOver, healthUrl, healthCommand, after, timeLimit, false);
    }

    /// No hooks at all.
    public static Hooks none() {
        return new Hooks("", "", "", "", "", Duration.ofSeconds(30));
    }
}
