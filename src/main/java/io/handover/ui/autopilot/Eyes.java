package io.handover.ui.autopilot;

import io.handover.engine.Migration;
import io.handover.flow.StoppedException;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.UiContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/// Waits for the window and the migration behind it; a failure that the page shows ends every wait. The
/// autopilot's thread.
final class Eyes {

    /// A red box that goes away by itself within this time was no failure.
    private static final Duration RED_BOX = Duration.ofSeconds(15);

    private final UiContext context;
    private final Hands hands;
    private long redSince = Long.MAX_VALUE;

    Eyes(UiContext context, Hands hands) {
        this.context = context;
        this.hands = hands;
    }

    /// Returns once the control can be used.
    void ready(String id, Duration limit) throws Stuck, InterruptedException, StoppedException {
        if (!hands.until(limit, () -> !failed() && hands.isReady(id))) {
            throw new Stuck("#" + id + " was not ready within " + limit.toSeconds() + " s. " + hands.complaints());
        }
    }

    /// Waits for a state of the migration; a failure on the way ends the wait.
    MigrationState await(String what, Duration limit, Predicate<MigrationState> wanted)
            throws Stuck, InterruptedException, StoppedException {
        redSince = Long.MAX_VALUE;
        if (!hands.until(limit, () -> !failed() && state().filter(wanted).isPresent())) {
            throw new Stuck("Waited " + limit.toSeconds() + " s in vain for " + what + ". " + hands.complaints());
        }
        return state().orElseThrow();
    }

    /// @return false; a failure is thrown
    private boolean failed() throws Stuck, InterruptedException {
        var now = state();
        if (now.filter(state -> state.stage() == Stage.FAILED || state.stage() == Stage.UNSURE)
                .isPresent()) {
            throw new Stuck(now.flatMap(MigrationState::problem)
                    .map(Eyes::words)
                    .orElse("The migration failed without a word."));
        }
        String refused = hands.text("notice");
        if (!refused.isEmpty()) {
            throw new Stuck(refused);
        }
        String red = hands.errors();
        if (red.isEmpty()) {
            redSince = Long.MAX_VALUE;
        } else if (redSince == Long.MAX_VALUE) {
            redSince = System.nanoTime();
        } else if (System.nanoTime() - redSince > RED_BOX.toNanos()) {
            throw new Stuck(red);
        }
        return false;
    }

    /// All that a problem says, in one line.
    static String words(Problem problem) {
        return String.join(
                " ",
                problem.what(),
                problem.meaning(),
                problem.action(),
                "[" + problem.code() + "]",
                problem.details());
    }

    /// The migration's state as the window knows it; empty before there is one.
    Optional<MigrationState> state() throws Stuck, InterruptedException {
        return hands.see(() -> context.state().get());
    }

    /// The migration in the window.
    Migration migration() throws Stuck, InterruptedException {
        return hands.see(() -> context.migration().get())
                .orElseThrow(() -> new Stuck("There is no migration. The page says: nothing"));
    }

    /// Whether the target owns the data, as far as can be seen.
    boolean targetOwns() throws InterruptedException {
        try {
            return state().filter(now -> now.owner() == Side.TARGET).isPresent();
        } catch (Stuck _) {
            return false; // the window is gone, and nothing is claimed
        }
    }
}
