package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.DatabaseUrl;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A server with two databases is emptied: both are moved at the same time, between the same two servers, each by a
/// Handover of its own. Slots, roles, sessions and settings are the server's: what could go wrong is that one counts,
/// ends,
/// stops or removes what is the other's.
class TwoDatabasesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @RegisterExtension
    final DatabasePair first = DatabasePair.of("15", "17");

    @RegisterExtension
    final DatabasePair second = DatabasePair.of("15", "17");

    @TempDir
    Path folder;

    @Test
    void bothGoThereAndOneStaysAndOneGoesBackAndNeitherLosesARow() throws Exception {
        try (var a = new Moving(first, Files.createDirectory(folder.resolve("a")));
                var b = new Moving(second, Files.createDirectory(folder.resolve("b")))) {
            var both = List.of(a, b);
            together(both, "migrate", "--fix", "--until", "verified");
            together(both, "cutover", "--yes", "--hook-switch", "hook");
            for (Moving one : both) {
                one.writesOn(Side.TARGET);
            }
            // one is over, and the other still has its way back
            assertEquals(0, a.start("retire", "--yes").end());
            b.writesOn(Side.TARGET);
            together(List.of(b), "rollback", "--yes");
            b.writesOn(Side.SOURCE);
            a.exactOn(Side.TARGET);
            b.exactOn(Side.SOURCE);
            assertEquals("0", a.handovers(Side.SOURCE));
            assertEquals("0", a.handovers(Side.TARGET));
            assertEquals(0, b.start("discard", "--yes").end());
            assertEquals("0", b.handovers(Side.SOURCE));
        }
    }

    private static void together(List<Moving> all, String command, String... more) throws Exception {
        var running = new ArrayList<AppProcess>();
        for (Moving one : all) {
            running.add(one.start(command, more));
        }
        for (AppProcess process : running) {
            assertEquals(0, process.end(), process::told);
        }
    }

    /// One database with its application.
    private static final class Moving implements AutoCloseable {

        private final DatabasePair pair;
        private final Path folder;
        private final DatabaseUrl url;
        private final Workload workload;

        Moving(DatabasePair pair, Path folder) throws Exception {
            this.pair = pair;
            this.folder = folder;
            ShopSchema.load(pair.source(), ShopSchema.SMALL);
            this.url = new DatabaseUrl(folder.resolve("url"));
            url.write(pair.source());
            this.workload = Workload.start(url, new Workload.Options(3, 60, Duration.ofMillis(100)), Clock.systemUTC());
        }

        AppProcess start(String command, String... more) throws IOException {
            var arguments = List.of(more).stream()
                    .map(word -> word.equals("hook") ? url.hookCommand() : word)
                    .toArray(String[]::new);
            return AppProcess.start(folder, command, pair.source(), pair.target(), arguments);
        }

        void writesOn(Side side) throws Exception {
            long before = workload.book().acknowledged();
            Eventually.await(
                    LONG,
                    "the application writes on the " + side.word(),
                    () -> workload.book().acknowledged() > before);
            assertEquals("off", pair.ask(side, "select current_setting('transaction_read_only')"));
            assertEquals("on", pair.ask(side.other(), "select current_setting('transaction_read_only')"));
        }

        void exactOn(Side side) throws Exception {
            workload.stop();
            var ledger = LedgerCheck.check(workload.book(), side == Side.SOURCE ? pair.source() : pair.target());
            assertTrue(ledger.exact(), ledger::toString);
        }

        /// How many of Handover's objects are in the database.
        String handovers(Side side) throws SQLException {
            return pair.ask(side, """
                    select (select count(*) from pg_replication_slots where database = current_database())
                         + (select count(*) from pg_publication)
                         + (select count(*) from pg_namespace where nspname = 'handover')
                         + (select count(*) from pg_subscription s join pg_database d on d.oid = s.subdbid
                             where d.datname = current_database())
                    """);
        }

        @Override
        public void close() {
            workload.close();
        }
    }
}
