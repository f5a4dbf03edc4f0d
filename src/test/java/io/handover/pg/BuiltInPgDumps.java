package io.handover.pg;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// The built-in `pg_dump` for tests, alone.
public final class BuiltInPgDumps {

    private static final NamedThreads THREADS = new NamedThreads(e -> {
        throw new AssertionError(e);
    });

    private BuiltInPgDumps() {}

    /// It, as if nothing were installed. Skips the test, and says why, if the build had no npm.
    public static PgDump only() {
        var builtIn = BuiltInPgDump.find(THREADS);
        assumeTrue(builtIn.isPresent(), "pg_dump is not built in: the build had no npm, or npm no package");
        return new PgDump(List.of(), builtIn, THREADS);
    }

    /// What it dumps of `source`, by entry.
    static List<DumpEntry> entries(Endpoint source) throws Exception {
        return split(only(), source);
    }

    /// What `dump` makes of `source`, by entry.
    static List<DumpEntry> split(PgDump dump, Endpoint source) throws Exception {
        return DumpSplitter.split(text(dump, source, new PgDumpOptions(true, true)));
    }

    static String text(PgDump dump, Endpoint source, PgDumpOptions options) throws Exception {
        int major;
        try (var server = new Server(Side.SOURCE, source, new SqlLog(Clock.systemUTC()));
                var session = server.open("test")) {
            major = session.major();
        }
        if (dump.find(major) instanceof PgDumpSearch.Usable usable) {
            return dump.schema(usable, source, options, new Gate());
        }
        throw new AssertionError("no pg_dump for PostgreSQL " + major);
    }

    /// Entries as text, one a line.
    static List<String> shown(List<DumpEntry> entries) {
        var lines = new ArrayList<String>();
        for (DumpEntry e : entries) {
            lines.add(e.section() + " " + e.display() + " " + e.owner() + " " + e.tablespace() + " " + e.accessMethod()
                    + "\n" + e.sql());
        }
        return lines;
    }
}
