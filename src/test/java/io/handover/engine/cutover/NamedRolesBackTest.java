package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static io.handover.engine.cutover.TwoRoles.DEADLINE;
import static io.handover.engine.cutover.TwoRoles.OFF;
import static io.handover.engine.cutover.TwoRoles.ON;
import static io.handover.engine.cutover.TwoRoles.run;
import static io.handover.engine.cutover.TwoRoles.runOrThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.DiscardStep;
import io.handover.engine.step.RetireStep;
import io.handover.engine.step.StepOutcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.pg.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A freeze by role that is taken back, or given up: each role is again as it was, and no session stays read-only.
class NamedRolesBackTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "off"})
    void anUndoPutsTheRoleBackAndEndsItsNewSessionsAlone(String before) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var other = roles.open(Side.SOURCE, "other")) {
            roles.set(Side.SOURCE, "app", before);
            Optional<String> was = roles.setting(Side.SOURCE);
            var sessions = new Connection[3];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.DEADLINE) {
                    sessions[0] = roles.openOrThrow("app");
                }
                if (point == Point.SESSIONS_ENDED) {
                    assertFalse(valid(sessions[0]), "it began before the mark");
                    sessions[1] = roles.openOrThrow("app");
                    sessions[2] = roles.openOrThrow("other");
                }
                if (point == Point.REVERSE_SLOT) {
                    end(world, "handover cutover locks");
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals("taken-back", failed.problem().code(), failed::toString);

            assertEquals(was, roles.setting(Side.SOURCE));
            assertFalse(valid(sessions[1]), "it would stay read-only");
            assertTrue(valid(sessions[2]) && valid(other), "of no named role");
            assertEquals("0", world.ask(Side.SOURCE, "select count(*) from handover.frozen_role"));
            var discarded = new DiscardStep().run(context);
            assertInstanceOf(StepOutcome.Done.class, discarded, discarded::toString);
            assertEquals(was, roles.setting(Side.SOURCE));
            sessions[2].close();
        }
    }

    /// An undo could not reach the role; whoever gives the migration up must.
    @Test
    void discardPutsBackWhatAnUndoCouldNot() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var holder = world.open(Side.SOURCE)) {
            roles.set(Side.SOURCE, "app", "off");
            holder.setAutoCommit(false);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    runOrThrow(
                            holder,
                            "alter role " + roles.name("app") + " in database "
                                    + SqlNames.quoted(world.plan().source().database()) + " set work_mem = '2MB'");
                    end(world, "handover cutover locks");
                }
            }));
            assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            var notes = context.cutovers().getLast().notes();
            assertTrue(
                    notes.stream().anyMatch(note -> note.contains("ATTENTION") && note.contains(roles.name("app"))),
                    notes::toString);
            world.write(Side.SOURCE, 1, 1); // and nobody else is held up
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            holder.rollback();
            holder.setAutoCommit(true);

            var discarded = new DiscardStep().run(context);
            assertInstanceOf(StepOutcome.Done.class, discarded, discarded::toString);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retirePutsTheRoleBackUnlessTheOldDatabaseIsToStayReadOnly(boolean stays) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan()) {
            roles.set(Side.SOURCE, "app", "off");
            assertInstanceOf(StepOutcome.Done.class, world.step(Side.SOURCE).run(context));
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            var retired = new RetireStep(Side.TARGET, stays).run(context);
            assertInstanceOf(StepOutcome.Done.class, retired, retired::toString);
            assertEquals(Optional.of(stays ? ON : OFF), roles.setting(Side.SOURCE));
        }
    }

    /// Nobody could choose another way then: Handover does.
    @Test
    void aRollBackByItselfEndsEverySessionWhereAFreezeByRoleWouldNotHold() throws Exception {
        var hooks = new Hooks("", "test \"$HANDOVER_TO\" = source || exit 3", "", "", "", LONG);
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = world.with(FreezeMethod.NAMED_ROLES, DEADLINE, hooks, List.of(roles.plain("app")))) {
            roles.set(Side.SOURCE, "app", "off");
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.OPENED && world.ownerOrThrow() == Side.TARGET) {
                    try (var connection = world.open(Side.TARGET)) {
                        run(connection, "create unlogged table public.volatile (id int)");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                    world.write(Side.TARGET, 1, 1);
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals("hook-switch", failed.problem().code(), failed::toString);
            assertEquals(Side.SOURCE, world.owner());
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));
            var notes = context.cutovers().getLast().notes();
            assertTrue(notes.stream().anyMatch(note -> note.contains("public.volatile")), notes::toString);
            world.write(Side.SOURCE, 1, 2);
            world.same();
        }
    }

    private static void end(CutoverWorld world, String application) {
        try (var connection = world.open(Side.SOURCE)) {
            run(
                    connection,
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                            + " and application_name = '" + application + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean valid(Connection connection) {
        try {
            return connection.isValid(5);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
