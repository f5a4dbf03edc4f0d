package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.pg.Blockers;
import io.handover.pg.DbSession;
import io.handover.pg.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Statements that may have to wait for somebody's lock: they run on a thread of their own, so that
/// meanwhile the
/// user sees whom they wait for and can stop them.
final class WatchedWork {

    private static final long LOOK_MILLIS = 200;

    private final StepContext with;
    private final Server server;

    WatchedWork(StepContext with, Server server) {
        this.with = with;
        this.server = server;
    }

    /// Runs `work` on `session` until it ends; the session is aborted if it is stopped before.
    void run(DbSession session, Statements work) throws SQLException, InterruptedException, StoppedException {
        ExecutorService thread =
                with.threads().single("statements for " + server.side().word());
        try {
            Future<?> end = thread.submit(() -> {
                work.run(session);
                return true;
            });
            await(session, end);
        } catch (StoppedException | InterruptedException | RuntimeException e) {
            session.abort();
            throw e;
        } finally {
            NamedThreads.close(thread, Duration.ZERO);
        }
    }

    private void await(DbSession session, Future<?> end) throws SQLException, InterruptedException, StoppedException {
        boolean waited = false;
        while (true) {
            try {
                end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (waited) {
                    with.progress(-1, "");
                }
                return;
            } catch (TimeoutException _) {
                with.gate().pause(0); // throws if stop was asked
                with.progress(-1, blockers(session));
                waited = true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException sql) {
                    throw sql;
                }
                throw new IllegalStateException(
                        "statements on the " + server.side().word(), e.getCause());
            }
        }
    }

    private String blockers(DbSession session) {
        try (Connection monitor = server.monitor()) {
            return Blockers.of(monitor, List.of(session.pid()));
        } catch (SQLException _) {
            return ""; // the statements themselves tell whether the server is lost
        }
    }

    /// What is run.
    @FunctionalInterface
    interface Statements {
        void run(DbSession session) throws SQLException;
    }
}
