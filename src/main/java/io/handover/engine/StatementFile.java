package io.handover.engine;

import io.handover.flow.NamedThreads;
import io.handover.journal.JournalDamaged;
import io.handover.journal.JournalJson;
import io.handover.model.SqlRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every statement that this computer has run for a migration, one a line, beside its journal: for the record, over
/// all restarts. Nothing depends on it: what cannot be written is logged, and the migration goes on. Any thread;
/// nobody waits for the disk.
final class StatementFile implements AutoCloseable {

    /// The file's name in the migration's folder.
    static final String FILE = "statements.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(StatementFile.class);

    private final Path file;
    private final ExecutorService thread;
    private final BufferedWriter writer;
    private boolean failing;

    /// Opens or makes the one in `folder`.
    ///
    /// @throws IOException if it cannot be written
    StatementFile(Path folder, NamedThreads threads) throws IOException {
        file = folder.resolve(FILE);
        writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        thread = threads.single("statements");
    }

    /// Adds one that has ended; one that still runs is left out. Returns at once.
    void add(SqlRecord statement) {
        if (statement.status() == SqlRecord.Status.RUNNING) {
            return;
        }
        try {
            thread.execute(() -> write(statement));
        } catch (RejectedExecutionException e) {
            LOG.info("closed: not in {}: {}", file, statement.sql());
        }
    }

    /// All of them, oldest first, those of earlier runs included. A torn line is left out.
    CompletableFuture<List<SqlRecord>> all() {
        var answer = new CompletableFuture<List<SqlRecord>>();
        try {
            thread.execute(() -> {
                try {
                    answer.complete(read());
                } catch (UncheckedIOException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e); // this migration has been closed
        }
        return answer;
    }

    private void write(SqlRecord statement) {
        try {
            writer.write(JournalJson.write(statement));
            writer.newLine();
            writer.flush();
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("statements are missing in {}: {}", file, e.getMessage());
            }
            failing = true; // said once
        }
    }

    private List<SqlRecord> read() {
        var statements = new ArrayList<SqlRecord>();
        try (var lines = Files.lines(file)) {
            lines.forEach(line -> {
                try {
                    statements.add(JournalJson.statement(line));
                } catch (JournalDamaged e) {
                    LOG.warn("{}: {}", file, e.getMessage());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return statements;
    }

    @Override
    public void close() throws IOException {
        NamedThreads.close(thread, Duration.ofSeconds(5));
        writer.close();
    }
}
