package io.handover.engine.cutover;

import io.handover.engine.step.StepContext;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import java.time.Duration;
import java.util.OptionalLong;

/// The PgBouncers of the plan: their clients wait there from just before the freeze until the application was pointed
/// to the new owner, or everything was undone. They see no error then, only a wait. It is a comfort and no guard: the
/// locks and the mark hold for those clients as for all others, so whatever goes wrong here costs errors, not rows.
///
/// PgBouncer keeps its clients waiting when the console's connection ends. Nobody but Handover says `RESUME`: if it
/// dies in between, it does so when it is started again, and until then the clients wait, each as long as PgBouncer's
/// `query_wait_timeout` lets it; one that did not hear it is told again at every start (`ResumeStep`).
/// The watchdog cannot: a backend of the server does not reach PgBouncer.
final class Poolers implements AutoCloseable {

    /// Whoever has no transaction open waits from the first moment on, so it is short and tried again.
    private static final Duration ONE_TRY = Duration.ofSeconds(1);

    private static final Duration LET_THEM_GO_ON = Duration.ofSeconds(3);

    /// The journal's name for the time in which clients wait: as long as it is open, somebody must let them go on.
    static final String ACT = "pgbouncer";

    private final Attempt attempt;
    private final PoolerConsoles consoles;
    private OptionalLong pausedSince = OptionalLong.empty();
    private boolean mayWait;

    Poolers(Attempt attempt) {
        this.attempt = attempt;
        this.consoles = new PoolerConsoles(attempt.with, attempt.from, attempt.parts.consoles());
    }

    /// Since when clients wait, by `System.nanoTime`; empty if none do.
    OptionalLong pausedSince() {
        return pausedSince;
    }

    /// Some clients may wait: a run of the app before this one had them wait, perhaps.
    void afterRestart() {
        mayWait = true;
    }

    /// Has all their clients wait; between two tries production goes on.
    ///
    /// @param must false if the cutover goes on without it: then what went wrong is only noted
    void pause(boolean must) throws Setback, StoppedException, InterruptedException {
        if (consoles.none()) {
            return;
        }
        try {
            attempt.act("PgBouncer connected", "connecting to PgBouncer", attempt.from, () -> {
                consoles.connect();
                return "";
            });
            while (!paused()) {
                resume(false);
                if (attempt.left().compareTo(LET_THEM_GO_ON.plus(ONE_TRY.multipliedBy(2))) < 0) {
                    throw new Setback(CutoverProblems.poolerBusy(attempt.untilFrozen()));
                }
                attempt.with.progress(-1, "transactions through PgBouncer");
                attempt.with.gate().pause(LET_THEM_GO_ON.toMillis());
            }
        } catch (Setback e) {
            if (must) {
                throw e;
            }
            resume(false);
            attempt.note("The clients of PgBouncer were not held back: "
                    + e.problem().what());
        }
    }

    private boolean paused() throws Setback, InterruptedException {
        if (!mayWait) {
            attempt.with.intent(ACT, "its clients wait");
        }
        pausedSince = OptionalLong.of(System.nanoTime());
        mayWait = true;
        return attempt.act("PgBouncer paused", "pausing PgBouncer", attempt.from, () -> consoles.pause(ONE_TRY));
    }

    /// Lets all clients go on, whoever had them wait; what could not be done is noted. Nothing to do
    /// if none can wait.
    ///
    /// @param switched whether they are to go where the configuration points now: it is read again
    void resume(boolean switched) throws InterruptedException {
        if (consoles.none() || !mayWait) {
            return;
        }
        try {
            PoolerConsoles.Resumed[] result = new PoolerConsoles.Resumed[1];
            attempt.act("PgBouncer resumed", "resuming PgBouncer", switched ? attempt.to : attempt.from, () -> {
                result[0] = consoles.resume(switched);
                return String.join(", ", result[0].went());
            });
            pausedSince = OptionalLong.empty();
            mayWait = false;
            if (result[0].all()) {
                attempt.with.outcome(ACT, true, "");
            }
            result[0].notes().forEach(attempt::note);
        } catch (Setback e) {
            throw new IllegalStateException("what goes wrong is noted", e);
        }
    }

    /// Says that clients go on waiting: nobody can tell where they could go.
    void leaveWaiting() {
        if (!mayWait) {
            return;
        }
        consoles.waiting().forEach(attempt::note);
    }

    /// After a restart, where the old owner takes writes and there is no attempt to undo.
    static void resume(StepContext with, CutoverParts parts, Side from) throws InterruptedException {
        try (var consoles = new PoolerConsoles(with, from, parts.consoles())) {
            letGo(with, consoles, false);
        }
    }

    /// Tells all of them, and closes the journal's act if all have heard it.
    static void letGo(StepContext with, PoolerConsoles consoles, boolean switched) throws InterruptedException {
        PoolerConsoles.Resumed result = consoles.resume(switched);
        result.notes().forEach(with::note);
        if (result.all()) {
            with.outcome(ACT, true, "");
        }
    }

    /// After a restart, where nobody can tell who takes writes.
    static void leaveWaiting(StepContext with, CutoverParts parts, Side from) {
        try (var consoles = new PoolerConsoles(with, from, parts.consoles())) {
            consoles.waiting().forEach(with::note);
        }
    }

    /// Lets go of the consoles; whoever waits goes on waiting.
    @Override
    public void close() {
        consoles.close();
    }
}
