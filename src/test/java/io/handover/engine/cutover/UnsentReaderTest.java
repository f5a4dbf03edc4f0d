package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import io.handover.model.UnsentChanges.Change;
import io.handover.model.UnsentChanges.InTable;
import io.handover.model.UnsentChanges.Kind;
import io.handover.pg.SlotMaker;
import io.handover.pg.StreamEnd;
import io.handover.pg.Subscriptions;
import io.handover.pg.UnsentReader;
import io.handover.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A way back that broke: the source does not take what the target sends.
class UnsentReaderTest {

    private static final TableRef LEDGER = new TableRef("public", "ledger");
    private static final TableRef ODD = new TableRef("public", "Odd Name");

    @Test
    void whatDidNotArriveIsToldRowByRow() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            assertInstanceOf(StepOutcome.Done.class, world.step(Side.SOURCE).run(context));
            world.write(Side.TARGET, 1, 1);
            world.same();
            assertTrue(read(context, world, 1000).none(), "all has arrived");

            run(context, Side.SOURCE, "alter table public.\"Odd Name\" rename column balance to other");
            run(
                    context,
                    Side.TARGET,
                    "update public.\"Odd Name\" set balance = 7 where id = 5"); // the worker fails here
            run(
                    context,
                    Side.TARGET,
                    "insert into public.ledger values (2, 1, 'O''Hara' || chr(10) || '🐘'), (2, 2, null)");
            run(context, Side.TARGET, "delete from public.ledger where writer = 1");
            run(context, Side.TARGET, "update public.ledger set number = 3 where number = 2 and writer = 2");
            run(context, Side.TARGET, "truncate public.\"Odd Name\"");
            Eventually.await(LONG, "the worker has failed", () -> failed(world));

            var unsent = read(context, world, 1000);

            assertEquals("", unsent.doubt());
            assertTrue(unsent.complete());
            assertEquals(Side.TARGET, unsent.owner());
            assertEquals(List.of(new InTable(ODD, 0, 1, 0, 1), new InTable(LEDGER, 2, 1, 1, 0)), unsent.tables());
            assertEquals(6, unsent.count());
            assertEquals(
                    List.of(
                            new Change(ODD, Kind.UPDATE, "id=5", "id=5, balance=7"),
                            new Change(
                                    LEDGER, Kind.INSERT, "writer=2, number=1", "writer=2, number=1, note=O'Hara\n🐘"),
                            new Change(LEDGER, Kind.INSERT, "writer=2, number=2", "writer=2, number=2, note=NULL"),
                            new Change(LEDGER, Kind.DELETE, "writer=1, number=1", ""),
                            new Change(LEDGER, Kind.UPDATE, "writer=2, number=2", "writer=2, number=3, note=NULL"),
                            new Change(ODD, Kind.TRUNCATE, "", "")),
                    unsent.first());
            assertFalse(read(context, world, 3).complete(), "more than was read");
            assertEquals(
                    "0",
                    world.ask(Side.TARGET, "select count(*) from pg_replication_slots where slot_name ~ 'unsent'"),
                    "nothing is left behind");

            run(context, Side.SOURCE, "alter table public.\"Odd Name\" rename column other to balance");
            Eventually.await(
                    LONG,
                    "all has arrived after all",
                    () -> read(context, world, 1000).none());
            world.same();
        }
    }

    @Test
    void aSlotThatIsGoneTellsNothing() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            assertInstanceOf(StepOutcome.Done.class, world.step(Side.SOURCE).run(context));
            String name = world.plan().id().slot(Side.TARGET);
            try (var source = context.server(Side.SOURCE).open("test");
                    var target = context.server(Side.TARGET).open("test")) {
                Subscriptions.drop(source, name);
                SlotMaker.drop(target, name, LONG);
            }
            world.write(Side.TARGET, 1, 1);

            var unsent = read(context, world, 1000);

            assertEquals("The slot " + name + " is gone.", unsent.doubt());
            assertFalse(unsent.none());
        }
    }

    private static boolean failed(CutoverWorld world) throws SQLException {
        return world.ask(Side.SOURCE, "select apply_error_count > 0 from pg_stat_subscription_stats")
                .equals("t");
    }

    private static UnsentChanges read(TestContext context, CutoverWorld world, int most) throws SQLException {
        String name = world.plan().id().slot(Side.TARGET);
        Optional<Lsn> applied;
        try (var follower = world.open(Side.SOURCE)) {
            applied = StreamEnd.lastApplied(follower, name);
        }
        try (var owner = context.server(Side.TARGET).open("test")) {
            return UnsentReader.read(owner, Side.TARGET, name, name, applied, most, Instant.EPOCH);
        }
    }

    private static void run(TestContext context, Side side, String sql) throws SQLException {
        try (var session = context.server(side).open("test")) {
            session.change(sql);
        }
    }
}
