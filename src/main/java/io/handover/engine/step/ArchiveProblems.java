package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.TableRef;
import io.handover.pg.ArchiveTools;
import io.handover.pg.PgDumpFailure;
import io.handover.pg.PgDumpSearch;

/// What can go wrong with an archive, in words for people.
public final class ArchiveProblems {

    private ArchiveProblems() {}

    /// No programs on this computer will do.
    static Problem noTools(int sourceMajor) {
        return new Problem(
                "archive-tools",
                "This computer has no pg_dump of version " + sourceMajor + " or newer with its pg_restore beside it.",
                "Nothing was begun. The built-in pg_dump reads the schema, but writes no archives.",
                PgDumpSearch.howToInstall(sourceMajor) + " Or choose another way for the rows.",
                "");
    }

    /// The version of `pg_dump` that is there does not compress so.
    static Problem noCompression(String compression, ArchiveTools tools) {
        return new Problem(
                "archive-compression",
                "pg_dump " + tools.version() + " cannot compress an archive with " + compression + ".",
                "Nothing was begun.",
                "Choose a level from 0 to 9, or install pg_dump 16 or newer; then retry.",
                tools.display());
    }

    /// There is no place for it.
    public static Problem noPlace(String reason) {
        return new Problem(
                "archive-place",
                "There is no place for the archive.",
                "Nothing was copied.",
                "Choose a folder that exists, that you may write to and that has room enough, then retry.",
                reason);
    }

    /// `pg_dump` failed.
    static Problem unwritten(PgDumpFailure e) {
        return new Problem(
                "archive-not-written",
                "pg_dump could not write the archive.",
                "Nothing is on the target, and of the archive nothing is left.",
                "Read what it says, mend the cause (room on the disk, a lock, a right), then retry.",
                String.valueOf(e.getMessage()));
    }

    /// `pg_restore` failed, or the archive lacks something.
    static Problem unreadable(PgDumpFailure e, TableRef table) {
        return new Problem(
                "archive-not-read",
                "pg_restore could not read " + table.display() + " from the archive.",
                "Nothing of this table is on the target.",
                "Read what it says, mend the cause, then retry: what is missing is then brought by the servers"
                        + " themselves.",
                String.valueOf(e.getMessage()));
    }
}
