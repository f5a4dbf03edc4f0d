package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.StoppedException;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The limit of a comparison: 25 MB at 1 MB a second.
class ReadLimitTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String TABLE = "create table public.big as select i as id, repeat(md5(i::text), 30) as v"
            + " from generate_series(1, 25000) i; alter table public.big add primary key (id)";

    @Test
    void aStopIsObeyedWhileItWaits() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            TestContext with = limited(made);
            var comparison = compare(with);
            Eventually.await(LONG, "the table is being read", () -> running(with));

            with.gate().stop();

            var ended = assertThrows(ExecutionException.class, () -> comparison.get(20, TimeUnit.SECONDS));
            assertInstanceOf(StoppedException.class, ended.getCause());
            with.close();
        }
    }

    @Test
    void whoeverNeedsTheTableDoesNotWaitForTheLimit() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            TestContext with = limited(made);
            var comparison = compare(with);
            Eventually.await(LONG, "the table is being read", () -> running(with));

            try (var application = with.server(Side.SOURCE).open("application")) {
                application.change("set lock_timeout = '15s'");
                application.change("truncate public.big"); // its turn comes long before all is read
            }

            assertTrue(comparison.get(20, TimeUnit.SECONDS).toString().contains("has to be compared again"));
            with.close();
        }
    }

    private static TestContext limited(TestContext made) throws Exception {
        for (Side side : Side.values()) {
            try (var session = made.server(side).open("test");
                    var sql = session.jdbc().createStatement()) {
                sql.execute(TABLE);
            }
        }
        return made.again(made.plan().with(new ReadLimit(1)));
    }

    private static Future<VerifyReport> compare(TestContext with) {
        var comparison = new FutureTask<>(() -> VerifyStep.frozen(with, Side.SOURCE));
        with.threads().start("comparison", comparison);
        return comparison;
    }

    private static boolean running(TestContext with) {
        return with.verifications().stream()
                .flatMap(report -> report.tables().stream())
                .anyMatch(table -> table.verdict() == TableVerdict.Verdict.RUNNING);
    }
}
