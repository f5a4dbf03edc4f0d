package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.DiscardStep;
import io.handover.engine.step.RetireStep;
import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.SchemaFacts;
import io.handover.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The end of the window, also when something is not as it was left.
class RetireTest {

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void aSlotThatIsGoneAlreadyIsNoHindrance(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var context = handedOver(world)) {
            String slot = world.plan().id().slot(Side.TARGET);
            try (var connection = world.open(Side.TARGET);
                    var sql = connection.createStatement()) {
                Eventually.await(CutoverWorld.LONG, "the slot can be dropped", () -> {
                    sql.execute("select pg_terminate_backend(active_pid) from pg_replication_slots"
                            + " where slot_name = '" + slot + "' and active");
                    try {
                        sql.execute("select pg_drop_replication_slot('" + slot + "')");
                        return true;
                    } catch (SQLException _) {
                        return false; // its reader was quicker
                    }
                });
            }

            var outcome = new RetireStep(Side.TARGET, false).run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertNothingLeft(world, Side.SOURCE);
            assertNothingLeft(world, Side.TARGET);
            world.write(Side.TARGET, 2, 2);
        }
    }

    @Test
    void anOldServerThatIsSwitchedOffDoesNotKeepTheOwnerFromBeingCleared() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = handedOver(world);
                var without = context.again(context.plan()
                        .between(
                                nowhere(context.plan().source()), context.plan().target()))) {
            var failed = assertInstanceOf(StepOutcome.Failed.class, new RetireStep(Side.TARGET, false).run(without));

            assertEquals("half-removed", failed.problem().code(), failed::toString);
            assertNothingLeft(world, Side.TARGET);
            assertEquals(List.of(), without.stages());
            assertTrue(without.leftovers().getLast().startsWith("-- the source could not be asked"));
            world.write(Side.TARGET, 2, 2);

            var again = new RetireStep(Side.TARGET, false).run(context);

            assertInstanceOf(StepOutcome.Done.class, again, again::toString);
            assertEquals(List.of(), context.leftovers());
            assertEquals(Stage.FINISHED, context.stages().getLast());
            assertNothingLeft(world, Side.SOURCE);
        }
    }

    @Test
    void onWishTheOldDatabaseStaysReadOnly() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = handedOver(world)) {
            var outcome = new RetireStep(Side.TARGET, true).run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals(java.util.Optional.of("on"), world.readOnlyDefault(Side.SOURCE));
            try (var connection = world.open(Side.SOURCE)) {
                assertEquals(List.of(), SchemaFacts.handoverObjects(connection));
            }
            assertNothingLeft(world, Side.TARGET);
            world.write(Side.TARGET, 2, 2);
        }
    }

    /// A trial run to another server, forgotten and cleared away after the real one has handed over: it must not open
    /// the old database again, nor take anything from the stream of the way back.
    @Test
    void theEndOfAnotherMigrationTakesNothingFromThisOne() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var _ = handedOver(world)) {
            var plan = world.plan();
            try (var other = world.context.again(Plan.of(new MigrationId("0badc0de"), plan.source(), plan.target()))) {
                for (var end : List.of(new DiscardStep(), new RetireStep(Side.SOURCE, false))) {
                    var outcome = end.run(other);
                    assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
                    assertEquals(List.of(), other.leftovers(), "nothing of its own was there");
                }
            }
            assertEquals(java.util.Optional.of("on"), world.readOnlyDefault(Side.SOURCE));
            assertEquals(Side.TARGET, world.mark(Side.SOURCE).owner());
            assertEquals(Side.TARGET, world.mark(Side.TARGET).owner());
            world.write(Side.TARGET, 2, 3);
            world.same();
        }
    }

    private static TestContext handedOver(CutoverWorld world) throws InterruptedException {
        var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none());
        var outcome = world.step(Side.SOURCE).run(context);
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
        return context;
    }

    private static Profile nowhere(Profile profile) {
        return new Profile(
                profile.name(),
                profile.host(),
                1,
                profile.database(),
                profile.user(),
                profile.tls(),
                profile.rootCertificate(),
                profile.environment());
    }

    private static void assertNothingLeft(CutoverWorld world, Side side) throws SQLException {
        try (var connection = world.open(side)) {
            assertEquals(List.of(), SchemaFacts.handoverObjects(connection));
        }
        assertEquals(java.util.Optional.empty(), world.readOnlyDefault(side));
    }
}
