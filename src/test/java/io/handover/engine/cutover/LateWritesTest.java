package io.handover.engine.cutover;

import static io.handover.engine.cutover.LateWriters.LATE;
import static io.handover.engine.cutover.LateWriters.WAITING;
import static io.handover.engine.cutover.LateWriters.askQuietly;
import static io.handover.engine.cutover.LateWriters.await;
import static io.handover.engine.cutover.LateWriters.late;
import static io.handover.engine.cutover.LateWriters.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What the locks could not keep from being written on the old owner.
class LateWritesTest {

    /// Nothing holds a lock against somebody who ends the very session that keeps it. What then is
    /// written on the old owner is found in its log, told row by row, and kept there.
    @Test
    void whatIsWrittenOnTheOldOwnerAfterAllIsToldAndKept() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            world.write(Side.SOURCE, 1, 1);
            List<Connection> pool = pool(world, 2);
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    pool.forEach(writer -> waiting.add(late(world, writer)));
                    await(world, WAITING, "2");
                }
                if (point == Point.CONFIRMED) {
                    askQuietly(
                            world,
                            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                                    + " and application_name = 'handover cutover locks'");
                    // one or both: the second counts up if it reads after the first has committed
                    await(world, "select count(*) > 0 from ledger where writer = 7 and note = 'late'", "t");
                }
            }));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            assertEquals("late-writes", failed.problem().code());
            String late = world.ask(Side.SOURCE, LATE);
            assertTrue(
                    failed.problem().what().contains(": " + late + (late.equals("1") ? " change" : " changes")),
                    failed::toString);
            assertTrue(failed.problem().details().contains("INSERT public.ledger writer=7, number="), failed::toString);
            CutoverReport report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.DONE, report.outcome());
            assertEquals(Optional.of(failed.problem()), report.problem());
            assertEquals("0", world.ask(Side.TARGET, LATE), "the new owner does not have them");
            String slot = world.plan().id().slot(Side.SOURCE);
            assertEquals(
                    late,
                    world.ask(
                            Side.SOURCE,
                            "select count(*) from pg_logical_slot_peek_binary_changes('" + slot
                                    + "', null, null, 'proto_version', '1', 'publication_names', '" + slot
                                    + "') where get_byte(data, 0) = ascii('I') and position('late' in"
                                    + " encode(data, 'escape')) > 0"),
                    "they are kept");
            world.write(Side.TARGET, 8, 1);
            Eventually.await(
                    CutoverWorld.LONG,
                    "the old owner follows",
                    () -> world.ask(Side.SOURCE, "select count(*) from ledger where writer = 8")
                            .equals("1"));

            // started again now that the way back runs, what it brings is told apart, and the slot stays
            try (var again = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
                var told = assertInstanceOf(
                        StepOutcome.Failed.class,
                        CutoverStep.resume(Side.SOURCE, world.parts(Points.NOBODY), Optional.of(report))
                                .run(again));
                assertEquals(failed.problem(), told.problem());
                assertEquals(
                        "1",
                        world.ask(
                                Side.SOURCE,
                                "select count(*) from pg_replication_slots where slot_name = '" + slot + "'"));
            }
        }
    }
}
