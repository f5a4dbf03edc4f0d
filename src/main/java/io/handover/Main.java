package io.handover;

import java.io.IOException;
import java.nio.file.Path;

/// Where Handover starts.
public final class Main {

    private Main() {}

    /// Opens the window, or runs the command that the arguments name.
    ///
    /// @param args as typed, without the program's name
    public static void main(String[] args) {
        var folders =
                Folders.of(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
        try {
            LogFile.start(folders.log());
        } catch (IOException e) {
            System.err.println("handover: goes on without a log: " + e);
        }
        System.out.println("Handover");
    }
}
