package io.handover.ui;

import java.nio.file.Path;
import java.util.Optional;

/// Asks the user for a file. An interface, because there is none where there is no display.
public interface FilePicker {

    /// A file to read; empty if the user thought better of it.
    ///
    /// @param title   of the dialog
    /// @param kind    what such files are called, for example `Profiles`
    /// @param pattern for example `*.json`
    Optional<Path> open(String title, String kind, String pattern);

    /// A folder that exists; empty if the user thought better of it.
    Optional<Path> folder(String title);

    /// A file to write, replaced if it exists; empty if the user thought better of it.
    ///
    /// @param name proposed
    Optional<Path> save(String title, String kind, String pattern, String name);
}
