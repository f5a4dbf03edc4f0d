package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Has `pg_restore` tell what is in an archive, and read the rows of its tables back. It is not
/// connected to the target: the rows go through a session of Handover's own, so that each table is
/// committed together with the note of it.
public final class ArchiveReader {

    /// Entry, then catalogue (0 for rows), then the table's OID: a name may look like anything.
    private static final Pattern ROWS = Pattern.compile("(?m)^(\\d+); 0 (\\d+) TABLE DATA ");

    private final ArchiveTools tools;
    private final ArchivePlace place;
    private final NamedThreads threads;

    /// Of an archive that is whole.
    public ArchiveReader(ArchiveTools tools, ArchivePlace place, NamedThreads threads) {
        this.tools = tools;
        this.place = place;
        this.threads = threads;
    }

    /// The entries with rows.
    ///
    /// @return `pg_class.oid` on the source → number of the entry
    public Map<Long, Integer> tables(Gate gate) throws PgDumpFailure, StoppedException, InterruptedException {
        try {
            var process = process(List.of("--list"));
            Matcher matcher = ROWS.matcher(new PgDumpProcess(process, threads, Secret.none()).run(gate));
            Map<Long, Integer> entries = new HashMap<>();
            while (matcher.find()) {
                entries.put(Long.valueOf(matcher.group(2)), Integer.valueOf(matcher.group(1)));
            }
            return entries;
        } catch (IOException e) {
            throw new PgDumpFailure("pg_restore could not be run: " + e.getMessage(), e);
        }
    }

    /// Begins to read the rows of some tables; the caller ends it.
    ///
    /// @param entries of `tables`, in the order in which they are wanted
    public ArchiveRows rows(List<Integer> entries) throws PgDumpFailure {
        try {
            Path list = Files.createTempFile(place.work(), "tables", ".list");
            Files.write(list, entries.stream().map(entry -> entry + ";").toList());
            return ArchiveRows.of(process(List.of("--data-only", "--use-list=" + list, "--file=-")), threads, list);
        } catch (IOException e) {
            throw new PgDumpFailure("pg_restore could not be run: " + e.getMessage(), e);
        }
    }

    private ProcessBuilder process(List<String> options) {
        var command = new ArrayList<String>();
        command.add(tools.restore().toString());
        command.addAll(options);
        command.add(place.whole().toString());
        var process = new ProcessBuilder(command);
        PgDumpEnvironment.clear(process.environment());
        return process;
    }
}
