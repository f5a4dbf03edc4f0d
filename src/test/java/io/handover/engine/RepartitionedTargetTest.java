package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Somebody partitions a table on the target, which is plain on the source: the way back has to take the rows as
/// those of one table.
class RepartitionedTargetTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "18");

    @TempDir
    Path folder;

    @Test
    void rowsComeThereAndBackAndThereAgain() throws Exception {
        Endpoint source = pair.source();
        Endpoint target = pair.target();
        pair.run(
                Side.SOURCE,
                "create table item (id int primary key, v text)",
                "insert into item select i, 'v' from generate_series(1, 20) i");
        var credentials = new Credentials(source.password(), target.password());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        String subscription = "\"" + plan.id().subscription(Side.SOURCE) + "\"";
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            pair.run(
                    Side.TARGET,
                    "drop table item",
                    "create table item (id int primary key, v text) partition by range (id)",
                    "create table item_low partition of item for values from (minvalue) to (10)",
                    "create table item_high partition of item for values from (10) to (maxvalue)",
                    "alter subscription " + subscription + " refresh publication");
            Eventually.await(
                    LONG,
                    "it is copied",
                    () -> pair.ask(Side.TARGET, "select count(*) from item").equals("20"));
            handOver(migration, new Command.CutOver(target.profile().database()));
            change(Side.TARGET, 100);
            handOver(migration, new Command.RollBack(source.profile().database()));
            assertSame();
            change(Side.SOURCE, 200);
            handOver(migration, new Command.CutOver(target.profile().database()));
            assertSame();
            go(migration, new Command.Retire());
            assertEquals(List.of(), migration.state().get().leftovers());
        }
    }

    /// Also from one partition to the other.
    private void change(Side side, int id) throws Exception {
        pair.run(
                side,
                "insert into item values (" + id + ", 'new')",
                "update item set v = 'changed' where id = 3",
                "update item set id = " + (id + 1) + " where id = 5",
                "update item set id = 5 where id = 15",
                "delete from item where id = 7",
                "insert into item values (15, 'again'), (7, 'again')");
    }

    private void assertSame() throws Exception {
        String rows = "select string_agg(i::text, ' ' order by id) from item i";
        assertEquals(pair.ask(Side.SOURCE, rows), pair.ask(Side.TARGET, rows));
    }

    private static void handOver(Migration migration, Command command) throws InterruptedException {
        go(migration, new Command.Verify());
        Eventually.await(
                LONG,
                "the partitions are told",
                () -> migration
                        .submit(new Command.OverrideGate("same-schema", "partitioned on purpose"))
                        .equals(new Answer.Accepted()));
        Eventually.await(
                LONG, "the gates open", () -> migration.refusal(command).isEmpty());
        go(migration, command);
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }
}
