package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A trial run to one server goes on, and somebody begins another migration of the same source, or into the same
/// target.
/// What could go wrong: one ends, and with it go the mark, the identities and the guards that the other relies on; or a
/// mistyped source takes over a migration it has no part in.
class OneDatabaseOneMigrationTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String SLOTS = "select count(*) from pg_replication_slots where database = current_database()";

    @RegisterExtension
    final DatabasePair first = DatabasePair.of("15", "17");

    @RegisterExtension
    final DatabasePair second = DatabasePair.of("15", "17");

    @TempDir
    Path folder;

    @Test
    void whoComesSecondIsRefusedAndTheFirstGoesOn() throws Exception {
        Path ann = Files.createDirectory(folder.resolve("ann"));
        Path bob = Files.createDirectory(folder.resolve("bob"));
        for (DatabasePair pair : new DatabasePair[] {first, second}) {
            pair.run(
                    Side.SOURCE,
                    "create table ledger (number bigint primary key)",
                    "insert into ledger select generate_series(1, 100)");
        }
        var running = AppProcess.start(ann, "migrate", first.source(), first.target(), "--until", "streaming");
        assertEquals(0, running.end(), running::told);
        String id = first.ask(Side.TARGET, "select id from handover.migration");

        var sameSource = AppProcess.start(bob, "migrate", first.source(), second.target(), "--until", "streaming");
        assertEquals(3, sameSource.end(), sameSource::told);
        assertTrue(sameSource.told().contains("takes part in another migration already: " + id), sameSource::told);
        assertEquals("1", first.ask(Side.SOURCE, SLOTS), "nothing of the second is on the source");
        assertEquals("0", second.ask(Side.TARGET, "select count(*) from pg_namespace where nspname = 'handover'"));

        for (String command : new String[] {"migrate", "status", "discard"}) {
            var sameTarget = command.equals("discard")
                    ? AppProcess.start(bob, command, second.source(), first.target(), "--yes")
                    : AppProcess.start(bob, command, second.source(), first.target());
            assertEquals(1, sameTarget.end(), sameTarget::told);
            assertTrue(sameTarget.told().contains("from another source"), sameTarget::told);
        }
        assertEquals("0", second.ask(Side.SOURCE, SLOTS));

        first.run(Side.SOURCE, "insert into ledger select generate_series(101, 200)");
        Eventually.await(
                LONG,
                "the first goes on",
                () -> first.ask(Side.TARGET, "select count(*) from ledger").equals("200"));
        var discard = AppProcess.start(ann, "discard", first.source(), first.target(), "--yes");
        assertEquals(0, discard.end(), discard::told);
        var after = AppProcess.start(bob, "migrate", first.source(), second.target(), "--until", "streaming");
        assertEquals(0, after.end(), after::told);
    }
}
