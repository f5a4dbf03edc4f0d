package io.handover.model;

import java.util.List;

/// What was run on both servers for a migration, and what of it is not known here.
///
/// @param run     statements that changed something, oldest first, by whichever computer; passwords masked
/// @param missing whose statements are not among them, from when to when, one sentence each; empty if
/// none are missing
public record StatementLog(List<SqlRecord> run, List<String> missing) {

    /// Copies both lists.
    public StatementLog {
        run = List.copyOf(run);
        missing = List.copyOf(missing);
    }
}
