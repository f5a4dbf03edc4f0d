package io.handover.benchmark;

import io.handover.model.Stage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// One way to bring a database over: schema, rows, indexes, constraints, statistics.
enum Contender {
    /// As a user starts it, until the target has caught up with the stream: preflight, slot and stream included.
    HANDOVER("Handover") {
        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return Migrate.run(with, List.of());
        }

        @Override
        void tidy(Databases with) throws IOException, InterruptedException {
            Migrate.discard(with);
        }
    },

    /// The same with the rows through an archive that `pg_dump` writes and `pg_restore` reads.
    HANDOVER_ARCHIVE("Handover, `--copy ARCHIVE`") {
        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return Migrate.run(with, List.of("--copy", "ARCHIVE"));
        }

        @Override
        void tidy(Databases with) throws IOException, InterruptedException {
            Migrate.discard(with);
        }
    },

    /// One process writes, one reads.
    DUMP_PIPE("`pg_dump -Fc \\| pg_restore`") {
        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return shell(with, "pg_dump -Fc \"$FROM\" | pg_restore --no-owner -d \"$TO\"", ANALYZE);
        }
    },

    /// A folder in between, which is what parallel jobs need.
    DUMP_FOLDER("`pg_dump -Fd -j`, `pg_restore -j`") {
        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return shell(
                    with,
                    "pg_dump -Fd -j $JOBS -f \"$FOLDER/dump\" \"$FROM\"",
                    "pg_restore --no-owner -j $JOBS -d \"$TO\" \"$FOLDER/dump\"",
                    ANALYZE);
        }
    },

    /// It gathers statistics by itself.
    PGCOPYDB("`pgcopydb clone`") {
        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return shell(
                    with,
                    "pgcopydb clone --table-jobs $JOBS --index-jobs $JOBS --split-tables-larger-than 256MB --no-owner"
                            + " --no-acl --dir \"$FOLDER/pgcopydb\" --source \"$FROM\" --target \"$TO\"");
        }
    },

    /// The rows alone.
    BARE_PIPE("bare `COPY \\| COPY`, rows only") {
        @Override
        void prepare(Databases with) throws IOException, InterruptedException, SQLException {
            BarePipe.prepare(with);
        }

        @Override
        Run run(Databases with) throws IOException, InterruptedException {
            return BarePipe.run(with);
        }

        @Override
        boolean rowsOnly() {
            return true;
        }

        @Override
        boolean fits(Dataset dataset) {
            return dataset != Dataset.SMALL; // a program started for each of its tables would measure just that
        }
    };

    private static final String ANALYZE = "vacuumdb --analyze-only -j $JOBS \"$TO\"";

    /// @param memory the most that the program itself used, in MB; 0 where unknown
    /// @param stages seconds at each stage, of Handover only
    record Run(long memory, Map<Stage, Double> stages) {

        /// Of one stage; 0 if it is not known.
        double seconds(Stage stage) {
            return stages.getOrDefault(stage, 0.0);
        }
    }

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    /// For the page.
    String title() {
        return title;
    }

    /// Makes what must be there before; not timed.
    void prepare(Databases with) throws IOException, InterruptedException, SQLException {}

    /// True if it is worth measuring with `dataset`.
    boolean fits(Dataset dataset) {
        return true;
    }

    /// True if it brings no indexes and no keys.
    boolean rowsOnly() {
        return false;
    }

    /// Brings the database over.
    abstract Run run(Databases with) throws IOException, InterruptedException, SQLException;

    /// Takes away what it left on the source; not timed.
    void tidy(Databases with) throws IOException, InterruptedException, SQLException {}

    static Run shell(Databases with, String... commands) throws IOException, InterruptedException {
        Programs.run(
                with,
                Map.of(
                        "FROM", with.sourceUri(),
                        "TO", with.targetUri(),
                        "JOBS", Integer.toString(with.jobs()),
                        "FOLDER", with.folder().toString()),
                List.of("bash", "-euo", "pipefail", "-c", String.join("\n", commands)));
        return new Run(0, Map.of());
    }
}
