package io.handover.ui;

import io.handover.model.MigrationState;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// Writes the record of a migration, with its last comparison, to a file of the user's choice.
public interface Export {

    /// The kinds of files it can write.
    enum Kind {
        /// For people.
        HTML,
        /// For programs.
        JSON
    }

    /// Writes `state` to `file`, which is replaced. Any thread; fails with an `IOException`.
    CompletableFuture<Path> write(MigrationState state, Kind kind, Path file);
}
