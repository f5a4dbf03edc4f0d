package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.model.TableVerdict.Verdict;
import io.handover.pg.SlotCatalog;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A source that may keep 160 MB of its log and a follower that does not apply: the comparison leaves them alone.
class RestingComparisonTest {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Map<String, String> LITTLE_LOG =
            Map.of("max_slot_wal_keep_size", "160MB", "max_wal_size", "2GB", "checkpoint_timeout", "1h");
    private static final long MB = 1024 * 1024;

    @Test
    void whileTheLogIsScarceItReadsNothingAndThenGoesOn() throws Exception {
        try (var server = PgServer.dedicated("15", LITTLE_LOG);
                var pair = StreamedPair.open(TestContext.between(server, PgServer.major("17")), Side.SOURCE)) {
            pair.onOwner("update public.quiet set w ="
                    + " (select string_agg(md5(id::text || g), '') from generate_series(1, 100) g)");
            pair.fence();
            TestContext with = pair.context().again(pair.context().plan().with(new ReadLimit(1)));
            var comparison = new FutureTask<>(() -> new VerifyStep(Side.SOURCE).run(with));
            with.threads().start("comparison", comparison);
            Eventually.await(
                    LONG,
                    "the largest table is being read",
                    () -> with.verifications().stream()
                            .flatMap(r -> r.tables().stream())
                            .anyMatch(t -> t.verdict() == Verdict.RUNNING));

            try (var blocker = pair.context().server(Side.TARGET).open("blocker")) {
                blocker.jdbc().setAutoCommit(false);
                blocker.change("lock table public.scratch in access exclusive mode");
                pair.onOwner("insert into public.scratch values (1, 'waits')");
                Eventually.await(LONG, "it rests", () -> {
                    if (retained(pair) < 130 * MB) {
                        pair.onOwner("select pg_logical_emit_message(true, 'test', repeat('x', 8000000))");
                    }
                    return rests(with);
                });
                blocker.jdbc().rollback();
            }

            assertInstanceOf(StepOutcome.Done.class, comparison.get(120, TimeUnit.SECONDS));
            assertTrue(
                    with.verifications().getLast().proved(),
                    () -> with.verifications().getLast().toString());
            assertEquals("", with.progresses().getLast().waitsFor(), "and it says so no longer");
            with.close();
        }
    }

    private static boolean rests(TestContext with) {
        return with.waits().stream().anyMatch(text -> text.contains("the source drops its log after"));
    }

    private static long retained(StreamedPair pair) throws Exception {
        try (var owner = pair.context().server(Side.SOURCE).open("test")) {
            var reading = new SlotCatalog().lag(owner.jdbc(), pair.name());
            return assertInstanceOf(SlotReading.Live.class, reading).lag().retained();
        }
    }
}
