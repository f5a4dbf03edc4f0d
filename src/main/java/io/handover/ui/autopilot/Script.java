package io.handover.ui.autopilot;

import java.nio.file.Path;
import java.time.Duration;

/// What the autopilot is to do.
///
/// @param switchHook  the command typed into the cutover's options as switch hook; empty for none
/// @param quick       leaves the roll back and the second cutover out
/// @param pictures    folder for the pictures; made if it is not there
/// @param copyLimit   how long the baseline may take
/// @param stopWriting called on the autopilot's thread when the last comparison must find every row at rest
public record Script(String switchHook, boolean quick, Path pictures, Duration copyLimit, Pause stopWriting) {

    /// Ends the writing of an application.
    @FunctionalInterface
    public interface Pause {
        /// Returns when nobody writes any more.
        void stop() throws InterruptedException;
    }
}
