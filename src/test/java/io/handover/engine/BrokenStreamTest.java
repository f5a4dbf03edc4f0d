package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.GateReading;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What somebody else does to a stream between the comparison and the cutover, after which it runs on without an error
/// and without any lag, and rows are missing.
class BrokenStreamTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "18");

    @TempDir
    Path folder;

    private Plan plan;
    private Migration migration;

    @Test
    void rowsThatTheStreamHasLeftOutCloseTheCutoverAndTheRollBack() throws Exception {
        pair.run(
                Side.SOURCE, "create table item (id int primary key, n int)", "insert into item values (1, 1), (2, 1)");
        plan = Plan.of(
                MigrationId.random(RandomGenerator.getDefault()),
                pair.source().profile(),
                pair.target().profile());
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            migration = desk.begin(
                            plan,
                            new Credentials(
                                    pair.source().password(), pair.target().password()))
                    .get(30, TimeUnit.SECONDS);
            go(new Command.Start());
            compareEqual(Side.SOURCE);
            harmless();
            compareEqual(Side.SOURCE);
            skipped();
            publishedLess();
            madeAnew(Side.SOURCE);

            var cutOver = new Command.CutOver(pair.target().profile().database());
            Eventually.await(
                    LONG, "it may be cut over", () -> migration.refusal(cutOver).isEmpty());
            go(cutOver);
            compareEqual(Side.TARGET);
            madeAnew(Side.TARGET);
        }
    }

    /// A broken connection is an error to the apply worker; a subscription that is disabled for a while loses nothing.
    private void harmless() throws Exception {
        String name = stream(Side.SOURCE);
        pair.run(
                Side.SOURCE,
                "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + name + "'");
        Eventually.await(
                LONG,
                "it counts as an error",
                () -> !pair.ask(
                                Side.TARGET,
                                "select apply_error_count from pg_stat_subscription_stats where subname = '" + name
                                        + "'")
                        .equals("0"));
        arrives(Side.SOURCE, 3);
        readsSince(true);
        compareEqual(Side.SOURCE);
        pair.run(Side.TARGET, "alter subscription " + name + " disable", "alter subscription " + name + " enable");
        arrives(Side.SOURCE, 4);
        readsSince(true);
    }

    /// What is advised where a row is there already.
    private void skipped() throws Exception {
        String name = stream(Side.SOURCE);
        pair.run(Side.TARGET, "insert into item values (10, 1)");
        pair.run(Side.SOURCE, "begin; insert into item values (10, 1); insert into item values (11, 1); commit");
        String lsn = Eventually.value(LONG, "the apply worker fails", this::failedAt);
        pair.run(Side.TARGET, "alter subscription " + name + " skip (lsn = '" + lsn + "')");
        arrives(Side.SOURCE, 12);
        var closed = readsSince(false);
        assertTrue(closed.detail().contains("skipped"), closed::detail);
        assertInstanceOf(Overriding.Never.class, closed.overriding());
        compareDifferent(1);
        pair.run(Side.TARGET, "insert into item values (11, 1)");
        compareEqual(Side.SOURCE);
    }

    private Optional<String> failedAt() throws IOException {
        return Files.readAllLines(pair.server(Side.TARGET).log()).stream()
                .filter(line -> line.contains("finished at "))
                .filter(line -> line.contains("\"public.item\""))
                .reduce((_, last) -> last)
                .map(line -> line.replaceFirst(".*finished at (LSN )?", "").strip());
    }

    private void publishedLess() throws Exception {
        String name = stream(Side.SOURCE);
        pair.run(Side.SOURCE, "alter publication " + name + " set (publish = 'insert, delete')");
        pair.run(Side.SOURCE, "update item set n = 2 where id = 1");
        mendAsTold();
        assertTrue(readsSince(false).detail().contains("the publication was changed"));
        compareDifferent(1);
        pair.run(Side.TARGET, "update item set n = 2 where id = 1");
        compareEqual(Side.SOURCE);

        pair.run(Side.SOURCE, "alter publication " + name + " set table handover.fence, item where (id < 100)");
        mendAsTold();
        assertTrue(readsSince(false).detail().contains("a table in the publication was changed"));
        compareEqual(Side.SOURCE);

        pair.run(
                Side.TARGET,
                "create function f() returns trigger language plpgsql as 'begin return null; end'",
                "create trigger \"eats 'it\" before insert on item for each row execute function f()");
        readsSince(true);
        pair.run(Side.TARGET, "alter table item enable always trigger \"eats 'it\"");
        assertTrue(readsSince(false).detail().contains("trigger \"eats 'it\" on public.item fires for the stream"));
        pair.run(Side.TARGET, "drop function f cascade");
        readsSince(true);
    }

    /// Runs what the gate says about the publication.
    private void mendAsTold() throws Exception {
        String remedy = Eventually.value(
                LONG,
                "it is said how it is mended",
                () -> gate().filter(g -> !g.open())
                        .map(GateReading::remedy)
                        .filter(text -> text.contains("alter publication")));
        pair.run(
                Side.SOURCE,
                remedy.substring(remedy.indexOf("alter publication"), remedy.indexOf(" Then verify again.")));
    }

    /// Somebody has dropped the slot, as it filled the disk, and then made one of its name, so that the errors stop.
    private void madeAnew(Side owner) throws Exception {
        String name = stream(owner);
        String readWrite = "set session characteristics as transaction read write"; // for the old owner
        pair.run(owner.other(), readWrite, "alter subscription " + name + " disable");
        Eventually.await(
                LONG,
                "nobody reads the slot",
                () -> pair.ask(owner, "select active from pg_replication_slots where slot_name = '" + name + "'")
                        .equals("f"));
        pair.run(owner, "insert into item values (20, 1) on conflict (id) do update set n = 20");
        pair.run(
                owner,
                "select pg_drop_replication_slot('" + name + "')",
                "select pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
        pair.run(owner.other(), readWrite, "alter subscription " + name + " enable");
        arrives(owner, owner == Side.SOURCE ? 21 : 22);
        var closed = readsSince(false);
        assertTrue(closed.detail().contains("the slot was made anew"), closed::detail);
        if (owner == Side.SOURCE) {
            compareDifferent(1);
            pair.run(Side.TARGET, "insert into item values (20, 1)");
            compareEqual(owner);
        } else {
            var back = new Command.RollBack(pair.source().profile().database());
            Eventually.await(
                    LONG,
                    "the roll back is refused for that alone",
                    () -> migration
                                    .refusal(back)
                                    .filter(why -> why.contains("The stream was left alone"))
                                    .isPresent()
                            && migration.gates().get().blocking().size() == 1);
        }
    }

    private void arrives(Side owner, int id) throws Exception {
        pair.run(owner, "insert into item values (" + id + ", 1)");
        Eventually.await(
                LONG,
                "it arrives",
                () -> pair.ask(owner.other(), "select count(*) from item where id = " + id)
                        .equals("1"));
    }

    private String stream(Side owner) {
        return plan.id().publication(owner);
    }

    private Optional<GateReading> gate() {
        return migration.gates().get().gate("unbroken");
    }

    /// As it is read from now on.
    private GateReading readsSince(boolean open) throws InterruptedException {
        var now = Instant.now();
        var gates = Eventually.value(
                LONG,
                "the gates are read",
                () -> Optional.of(migration.gates().get())
                        .filter(read -> read.at().isAfter(now)));
        var gate = gates.gate("unbroken").orElseThrow();
        assertEquals(open, gate.open(), gate::detail);
        return gate;
    }

    private void compareEqual(Side owner) throws Exception {
        go(new Command.Verify());
        var report = migration.state().get().verification().orElseThrow();
        assertTrue(report.passed() && report.owner() == owner, report::toString);
        readsSince(true);
    }

    private void compareDifferent(long rows) throws Exception {
        go(new Command.Verify());
        var report = migration.state().get().verification().orElseThrow();
        assertFalse(report.passed());
        assertEquals(rows, report.differences());
    }

    private void go(Command command) throws InterruptedException, SQLException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }
}
