package io.handover.engine.cutover;

import static io.handover.engine.cutover.TwoRoles.run;
import static io.handover.engine.cutover.TwoRoles.runOrThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.RetireStep;
import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.flow.Gate;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.LargeObjects;
import io.handover.pg.LateObjects;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody who is not named makes while a freeze by role lasts, or after it, and nothing could hold back: it
/// stops
/// the cutover, or it is told.
class NamedRolesMadeTest {

    @ParameterizedTest
    @ValueSource(strings = {"select lo_create(0)", "create unlogged table public.volatile (id int)"})
    void whatNeitherLocksNorTriggersHoldIsFoundInThePauseToo(String made) throws Exception {
        refused(made, "freeze-roles");
    }

    @Test
    void aTableThatIsMadeInThePauseIsNotLeftBehind() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE)) {
            String[] state = new String[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    state[0] = assertThrows(SQLException.class, () -> run(dba, "create table public.late (id int)"))
                            .getSQLState();
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertEquals("25006", state[0]);
        }
        refused("set session_replication_role = origin; create table public.late (id int)", "freeze-roles");
    }

    /// @param made before the mark, when nothing refuses it yet
    private static void refused(String made, String code) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.DEADLINE) {
                    runOrThrow(dba, made);
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals(code, failed.problem().code(), failed::toString);
            assertEquals(Optional.empty(), roles.setting(Side.SOURCE));
            world.write(Side.SOURCE, 1, 1);
        }
    }

    /// Nothing can hold it back, so it is told, like a row that was written too late.
    @Test
    void aLargeObjectThatIsMadeOnTheOldOwnerAfterwardsIsToldAndNothingTakesItAway() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var other = roles.open(Side.SOURCE, "other")) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.RELEASED) {
                    runOrThrow(other, "select lo_from_bytea(987654, 'late')");
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals(Problem.LATE_WRITES, failed.problem().code(), failed::toString);
            assertTrue(failed.problem().details().contains("987654"), failed::toString);
            assertTrue(failed.problem().details().contains(roles.plain("other")), failed::toString);
            assertTrue(failed.problem().action().contains("select lo_unlink(987654);"), failed::toString);
            assertEquals(Side.TARGET, world.owner(), "it is handed over all the same, and followed");
            assertEquals(
                    "0",
                    world.ask(
                            Side.SOURCE,
                            "select count(*) from pg_replication_slots where database = current_database()"),
                    "no slot has to stay for it");
            world.write(Side.TARGET, 1, 1);
            world.same();

            try (var from = context.server(Side.TARGET).open("test");
                    var to = context.server(Side.SOURCE).open("test")) {
                from.change("select lo_from_bytea(55, 'new')");
                LargeObjects.sync(from, to, new Gate()); // as a roll back does
                assertEquals(
                        List.of("large object 987654 of " + roles.plain("other")),
                        LateObjects.read(to.jdbc(), from.jdbc()));
                assertEquals("late", world.ask(Side.SOURCE, "select convert_from(lo_get(987654), 'UTF8')"));
                assertEquals("new", world.ask(Side.SOURCE, "select convert_from(lo_get(55), 'UTF8')"));
            }
            var retired = new RetireStep(Side.TARGET, false).run(context);
            assertInstanceOf(StepOutcome.Done.class, retired, retired::toString);
            assertTrue(
                    context.lines().stream()
                            .anyMatch(line -> line instanceof TestContext.Line.Note(String text)
                                    && text.contains("987654")
                                    && text.contains("ATTENTION")),
                    context.lines()::toString);
            run(other, "select lo_unlink(987654)");
        }
    }
}
