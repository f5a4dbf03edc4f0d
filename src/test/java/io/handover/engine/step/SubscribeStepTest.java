package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscribeStepTest {

    @Test
    void aRowThatIsThereTwiceIsToldAndARetryCatchesUp() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.run(with, Side.SOURCE, List.of("create table public.t (id int primary key)"));
            NastySchema.run(with, Side.TARGET, List.of("create table public.t (id int primary key)"));
            assertEquals(new StepOutcome.Done(), new BaselineStep().run(with));
            NastySchema.run(with, Side.TARGET, List.of("insert into public.t values (1)"));
            NastySchema.run(with, Side.SOURCE, List.of("insert into public.t values (1)"));

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, new SubscribeStep(Side.SOURCE, Duration.ofSeconds(4)).run(with));

            assertEquals("apply-worker-absent", failed.problem().code());
            assertTrue(with.waits().stream().anyMatch(text -> text.contains("server log")), () -> "" + with.waits());
            assertEquals(Stage.CATCHING_UP, with.stages().getLast());

            NastySchema.run(with, Side.TARGET, List.of("delete from public.t"));
            assertEquals(new StepOutcome.Done(), new SubscribeStep(Side.SOURCE).run(with));
            assertEquals(Stage.STREAMING, with.stages().getLast());
            assertEquals("1", NastySchema.text(with, Side.TARGET, "select count(*) from public.t"));
        }
    }
}
