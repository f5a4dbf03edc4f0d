package io.handover.engine.cutover;

import static io.handover.engine.cutover.LateWriters.WAITING;
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
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.SequencePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// A writer that has given up waiting for the locks can draw from a sequence. No number is given out twice for that.
class WaitingWritersDrawTest {

    /// As the engine has it.
    private static final PauseWork SEQUENCES = new PauseWork("Sequences", (plan, from, to) -> {
        SequencePlan sequences =
                SequencePlan.prepare(from.jdbc(), to, plan.scope()).orElseThrow();
        return new PauseWork.Ready() {
            @Override
            public Optional<Problem> run() throws SQLException {
                assertTrue(sequences.run().complete());
                return Optional.empty();
            }

            @Override
            public List<String> lookAgain() throws SQLException {
                return sequences.lookAgain();
            }
        };
    });

    /// A writer gives up waiting in the pause, draws from a sequence, and waits again: what it drew is not given out
    /// a second time.
    @Test
    void whoGivesUpWaitingAndDrawsFromASequenceIsSeen() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            Connection writer = pool(world, 1).getFirst();
            List<Long> drawn = new ArrayList<>();
            int[] rounds = new int[1];
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    var _ = late(world, writer);
                                    await(world, WAITING, "1");
                                }
                                if (point == Point.DURABLE && drawn.isEmpty()) {
                                    cancel(world, writer);
                                    drawn.add(draw(writer));
                                }
                                if (point == Point.SYNCED) {
                                    rounds[0]++;
                                }
                            },
                            List.of(SEQUENCES)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertEquals(2, rounds[0], "the sequences were brought over once more");
            long next = Long.parseLong(world.ask(Side.TARGET, "select nextval('\"Odd Name_id_seq\"')"));
            assertTrue(next > drawn.getFirst(), next + " was given out on the old owner: " + drawn);
        }
    }

    /// It gives up after the last look, in the moment that is left, and draws. Then the report says so, and the new
    /// owner is past it.
    @Test
    void whatIsDrawnAfterTheConfirmationIsPassedByAndTold() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            Connection writer = pool(world, 1).getFirst();
            List<Long> drawn = new ArrayList<>();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    var _ = late(world, writer);
                                    await(world, WAITING, "1");
                                }
                                if (point == Point.CONFIRMED) {
                                    cancel(world, writer);
                                    drawn.add(draw(writer));
                                    drawn.add(draw(writer));
                                }
                            },
                            List.of(SEQUENCES)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            long next = Long.parseLong(world.ask(Side.TARGET, "select nextval('\"Odd Name_id_seq\"')"));
            assertTrue(next > drawn.getLast(), next + " was given out on the old owner: " + drawn);
            CutoverReport report = context.cutovers().getLast();
            assertTrue(
                    report.notes().stream().anyMatch(note -> note.contains("Odd Name_id_seq")),
                    report.notes()::toString);
        }
    }

    /// What a `lock_timeout` does, at a moment of the test's choice.
    private static void cancel(CutoverWorld world, Connection writer) {
        try {
            writer.unwrap(PGConnection.class).cancelQuery();
            await(world, WAITING, "0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long draw(Connection writer) {
        try (var sql = writer.createStatement()) {
            sql.execute("rollback");
            try (var row = sql.executeQuery("select nextval('\"Odd Name_id_seq\"')")) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
