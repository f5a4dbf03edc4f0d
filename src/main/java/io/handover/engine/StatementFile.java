package io.handover.engine;

import io.handover.flow.NamedThreads;
import io.handover.journal.JournalDamaged;
import io.handover.journal.JournalJson;
import io.handover.journal.Line;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every statement that was run for a migration, one a line, beside its journal: for the record, over all restarts.
/// Those of other computers are added when this one goes on with the migration, as far as the target has them.
/// Nothing depends on it: what cannot be written is logged, and the migration goes on. Any thread;
/// nobody waits for the
/// disk.
final class StatementFile implements AutoCloseable {

    /// The file's name in the migration's folder.
    static final String FILE = "statements.jsonl";

    /// How far the statements of other computers are known: a name and a time in each line, with a tab between.
    static final String OTHERS = "statements-of-others.txt";

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

    /// Takes over what other computers have run; what is here already is left as it is. Waits for the
    /// disk: only before
    /// anything is added.
    ///
    /// @param statements as JSON
    /// @param until      how far those of each computer are complete
    /// @throws IOException if the files cannot be read or written
    void adopt(List<String> statements, Map<String, Instant> until) throws IOException {
        var known = new HashSet<>(Files.readAllLines(file));
        for (String line : statements) {
            if (known.add(line)) {
                writer.write(line);
                writer.newLine();
            }
        }
        writer.flush();
        if (!until.isEmpty()) {
            var merged = new TreeMap<>(others());
            merged.putAll(until);
            Files.write(
                    file.resolveSibling(OTHERS),
                    merged.entrySet().stream()
                            .map(entry -> entry.getKey() + "\t" + entry.getValue())
                            .toList());
        }
    }

    /// All of them, oldest first, those of earlier runs included. A torn line is left out.
    ///
    /// @param journal of the migration
    /// @param me      as this computer signs its lines
    CompletableFuture<StatementLog> all(List<Line> journal, String me) {
        var answer = new CompletableFuture<StatementLog>();
        try {
            thread.execute(() -> {
                try {
                    answer.complete(new StatementLog(read(), OthersStatements.missing(journal, me, others())));
                } catch (UncheckedIOException e) {
                    answer.completeExceptionally(e);
                } catch (IOException e) {
                    answer.completeExceptionally(new UncheckedIOException(e));
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
        statements.sort(Comparator.comparing(SqlRecord::at)); // those of others came later
        return statements;
    }

    private Map<String, Instant> others() throws IOException {
        Path names = file.resolveSibling(OTHERS);
        if (!Files.exists(names)) {
            return Map.of();
        }
        var until = new HashMap<String, Instant>();
        for (String line : Files.readAllLines(names)) {
            int tab = line.lastIndexOf('\t');
            try {
                until.put(line.substring(0, Math.max(0, tab)), Instant.parse(line.substring(tab + 1)));
            } catch (DateTimeParseException e) {
                LOG.warn("{}: {}", names, e.getMessage()); // a torn line: what it told counts as missing
            }
        }
        return until;
    }

    @Override
    public void close() throws IOException {
        NamedThreads.close(thread, Duration.ofSeconds(5));
        writer.close();
    }
}
