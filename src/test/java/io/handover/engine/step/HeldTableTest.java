package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.handover.model.CopyMethod;
import io.handover.model.Side;
import io.handover.model.TableProgress;
import io.handover.model.TableRef;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A table of a copy is told to wait while the application goes on writing.
class HeldTableTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long RANGE = 256 * 1024;

    @ParameterizedTest
    @EnumSource(
            value = CopyMethod.class,
            names = {"THROUGH_HERE", "ARCHIVE"})
    void theOthersAreCopiedMeanwhileAndThenItIsToo(CopyMethod method) throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            with.plan(with.plan().with(method));
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                TableRef held = new TableRef("app", "acl");
                with.heldTables().hold(held, true);
                var copy = new FutureTask<>(() -> new BaselineStep(LONG, RANGE).run(with));
                with.threads().start("step", copy);

                Eventually.await(LONG, "all others are copied", () -> othersAreDone(with, held));
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 20);
                assertFalse(copy.isDone(), "it waits for the last one");
                assertEquals(TableProgress.Phase.HELD, phases(with).get(held));
                assertEquals("0", NastySchema.text(with, Side.TARGET, "select count(*) from app.acl"));

                with.heldTables().hold(held, false);

                assertInstanceOf(StepOutcome.Done.class, copy.get(60, TimeUnit.SECONDS));
                assertEquals(TableProgress.Phase.DONE, phases(with).get(held));
                assertInstanceOf(StepOutcome.Done.class, new SubscribeStep(Side.SOURCE).run(with));
            }
            Eventually.await(
                    LONG,
                    "both sides are equal",
                    () -> NastySchema.contents(with, Side.SOURCE).equals(NastySchema.contents(with, Side.TARGET)));
        }
    }

    /// Whoever stops a copy that only waits is not kept waiting.
    @Test
    void aStopIsObeyedWhileAllThatIsLeftWaits() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            TableRef held = new TableRef("app", "acl");
            with.heldTables().hold(held, true);
            var copy = new FutureTask<>(() -> new BaselineStep(LONG, RANGE).run(with));
            with.threads().start("step", copy);
            Eventually.await(LONG, "all others are copied", () -> othersAreDone(with, held));
            with.gate().stop();
            assertInstanceOf(StepOutcome.Stopped.class, copy.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aCopyOfWhichNothingWasHeldWaitsForNobody() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);

            assertInstanceOf(StepOutcome.Done.class, new BaselineStep(LONG, RANGE).run(with));

            assertEquals(
                    List.of(),
                    with.progresses().stream()
                            .filter(told -> told.waitsFor().contains("told to wait"))
                            .toList());
        }
    }

    private static boolean othersAreDone(TestContext with, TableRef held) {
        Map<TableRef, TableProgress.Phase> phases = phases(with);
        return phases.size() > 5
                && phases.entrySet().stream()
                        .allMatch(table -> table.getKey().equals(held) || table.getValue() == TableProgress.Phase.DONE);
    }

    private static Map<TableRef, TableProgress.Phase> phases(TestContext with) {
        var copies = with.copies();
        return copies.isEmpty()
                ? Map.of()
                : List.copyOf(copies.getLast().tables()).stream()
                        .collect(Collectors.toMap(TableProgress::table, TableProgress::phase));
    }
}
