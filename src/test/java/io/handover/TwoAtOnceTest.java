package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two people begin the same migration in the same second, each on a computer of his own. What could go wrong: both
/// believe it is theirs, and copy into the same tables; or whoever comes second leaves a slot behind.
class TwoAtOnceTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int ROUNDS = 2;
    private static final String SLOTS = "select count(*) from pg_replication_slots where database = current_database()";
    private static final String SUBSCRIPTIONS = "select count(*) from pg_subscription s"
            + " join pg_database d on d.oid = s.subdbid and d.datname = current_database()";
    private static final String COUNT = "select count(*) from ledger";

    @TempDir
    Path folder;

    @Test
    void oneOfThemMigratesAndTheOtherIsRefusedAndLeavesNothing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var pair = DatabasePair.of("15", "17");
            Endpoint source = pair.source();
            Endpoint target = pair.target();
            Path ann = Files.createDirectory(folder.resolve("ann" + round));
            Path bob = Files.createDirectory(folder.resolve("bob" + round));
            pair.run(
                    Side.SOURCE,
                    "create table ledger (number bigint)", // without a key nothing else refuses a second row
                    "alter table ledger replica identity full",
                    "insert into ledger select generate_series(1, 1000)");
            var both = List.of(
                    AppProcess.start(ann, "migrate", source, target, "--until", "streaming"),
                    AppProcess.start(bob, "migrate", source, target, "--until", "streaming"));
            int first = both.getFirst().end();
            int second = both.getLast().end();
            String told = both.getFirst().told() + "\n----\n" + both.getLast().told();
            assertTrue(first == 0 || second == 0, told);
            // one that came when the other had let go again has gone on with the same migration
            assertTrue((first == 0 || first == 3) && (second == 0 || second == 3), told);
            assertEquals("1", pair.ask(Side.SOURCE, SLOTS), told);
            assertEquals("1", pair.ask(Side.SOURCE, "select count(*) from pg_publication"), told);
            assertEquals("1", pair.ask(Side.TARGET, SUBSCRIPTIONS), told);
            assertEquals("1", pair.ask(Side.TARGET, "select count(*) from handover.migration"), told);

            pair.ask(
                    Side.SOURCE,
                    "with i as (insert into ledger select generate_series(1001, 1100) returning 1)"
                            + " select count(*) from i");
            Eventually.await(
                    LONG,
                    "every row arrives once",
                    () -> pair.ask(Side.TARGET, COUNT).equals("1100"));
            assertEquals(status(ann, source, target), status(bob, source, target));
            var discard = AppProcess.start(second == 0 ? ann : bob, "discard", source, target, "--yes");
            assertEquals(0, discard.end(), discard::told);
            assertEquals(
                    "0", pair.ask(Side.SOURCE, SLOTS), "whoever was refused can take it away, and it leaves nothing");
            assertEquals("0", pair.ask(Side.SOURCE, "select count(*) from pg_publication"));
            assertEquals("0", pair.ask(Side.TARGET, SUBSCRIPTIONS));
            pair.drop();
        }
    }

    /// Which migration it is, as `status` says on that computer.
    private static String status(Path folder, Endpoint source, Endpoint target) throws Exception {
        var status = AppProcess.start(folder, "status", source, target, "--json");
        assertEquals(0, status.end(), status::told);
        return status.result()
                .lines()
                .filter(line -> line.contains("\"migration\""))
                .findFirst()
                .orElseThrow();
    }
}
