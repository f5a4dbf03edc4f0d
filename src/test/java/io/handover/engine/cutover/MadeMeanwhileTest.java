package io.handover.engine.cutover;

import static io.handover.engine.cutover.TwoRoles.runOrThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables that come while a cutover is under way, and that no gate has seen: their rows would stay behind.
class MadeMeanwhileTest {

    private static final String NEW = "create table public.late (id int primary key)";
    private static final String ANEW = "begin; create table public.fresh (like ledger including all);"
            + " insert into public.fresh select * from ledger; drop table ledger;"
            + " alter table public.fresh rename to ledger; commit";

    /// Before the tables are listed, and between that and the locks.
    @ParameterizedTest
    @CsvSource({
        "LOCK_TABLES, GATES, false",
        "LOCK_TABLES, PREPARED, true",
        "LOCK_TABLES, ARMED, true",
        "END_SESSIONS, ARMED, false",
        "END_SESSIONS, WATCHED, true",
        "NAMED_ROLES, WATCHED, true"
    })
    void aTableThatComesAfterTheGatesStopsTheCutover(FreezeMethod method, Point when, boolean anew) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(method, Duration.ofSeconds(30), Hooks.none());
                var application = world.open(Side.SOURCE);
                var colleague = world.open(Side.TARGET)) {
            world.write(Side.SOURCE, 1, 1);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == when && anew) {
                    runOrThrow(application, ANEW);
                    world.write(Side.SOURCE, 1, 2);
                } else if (point == when) {
                    runOrThrow(application, NEW);
                    runOrThrow(colleague, NEW);
                    runOrThrow(application, "insert into public.late values (1)");
                }
            }));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            String table = anew ? "public.ledger" : "public.late";
            assertTrue(failed.problem().what().contains(table), failed::toString);
            assertEquals(Side.SOURCE, world.owner());
            world.write(Side.SOURCE, 1, 3); // production goes on
        }
    }
}
