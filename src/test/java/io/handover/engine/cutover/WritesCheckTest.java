package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WritesCheckTest {

    @Test
    void anApplicationThatWritesThereIsWell() throws Exception {
        var hooks = new Hooks("", "", "", "", "", Duration.ofSeconds(30), true);
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), hooks);
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.OPENED) {
                    ledger.pointTo(Side.TARGET);
                }
            }));
            var outcome = step.run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            var check = context.cutovers().getLast().hooks().getLast();
            assertEquals("application-writes", check.name());
            assertTrue(check.ok());
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
            world.same();
        }
    }

    /// The stream has written thousands of rows there a moment ago: they are not the application's.
    @Test
    void anApplicationThatStaysAwayIsRolledBackTo() throws Exception {
        var hooks = new Hooks("", "", "", "", "", Duration.ofSeconds(3), true);
        try (var world = new CutoverWorld("13", "17");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), hooks);
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 200);
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));
            assertEquals("hook-application-writes", failed.problem().code(), failed::toString);
            assertTrue(failed.problem().what().contains("rolled back"), failed::toString);
            assertEquals(Side.SOURCE, world.owner());
            int before = ledger.count();
            Eventually.await(LONG, "it writes on where it is", () -> ledger.count() > before + 20);
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.SOURCE));
            world.same();
        }
    }
}
