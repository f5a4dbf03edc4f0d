package io.handover.demo;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where the demo tells how it goes.
///
/// @param out what it did and found
/// @param err why it cannot
public record Console(PrintStream out, PrintStream err) {

    /// The terminal the program was started from.
    public static Console terminal() {
        return new Console(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8));
    }
}
