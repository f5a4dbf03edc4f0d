package io.handover.ui;

import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.MigrationState;
import io.handover.model.Stage;
import io.handover.model.Task;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javafx.beans.value.ObservableValue;

/// The status bar: what runs, how far, until when, what it waits for.
public final class StatusViewModel {

    /// Younger than this, a share done says nothing about the rest.
    private static final Duration TOO_EARLY = Duration.ofSeconds(5);

    private static final double TOO_LITTLE = 0.02;

    private final UiContext context;
    private final Texts texts;
    private final ObservableValue<CopyProgress> copy;
    private final ObservableValue<View> view;

    /// What the bar shows.
    ///
    /// @param title     what runs, or how things stand
    /// @param running   whether something runs
    /// @param fraction  0 to 1; -1 for no bar
    /// @param time      how long it has run and will run; may be empty
    /// @param waitsFor  may be empty
    /// @param stoppable whether Stop is offered
    public record View(
            String title, boolean running, double fraction, String time, String waitsFor, boolean stoppable) {}

    /// Follows the migration of `context`.
    public StatusViewModel(UiContext context) {
        this.context = context;
        this.texts = context.texts();
        this.copy = context.follow(Migration::copy, CopyProgress.none(Instant.EPOCH));
        this.view = Derived.of(this::look, context.state(), context.now(), copy);
    }

    /// What to show now.
    public ObservableValue<View> view() {
        return view;
    }

    /// Ends what runs at its next safe point.
    public void stop() {
        context.submit(new Command.Stop());
    }

    private View look() {
        var state = context.state().get();
        if (state.isEmpty()) {
            return new View(texts.get("status.idle"), false, -1, "", "", false);
        }
        return state.get()
                .task()
                .map(task -> running(state.get(), task))
                .orElseGet(() -> new View(texts.of("status", state.get().stage()), false, -1, "", "", false));
    }

    private View running(MigrationState state, Task task) {
        var since = Duration.between(task.since(), context.now().get());
        var ran = since.isNegative() ? Duration.ZERO : since;
        var left = left(state, task, ran);
        var time = left.map(eta -> texts.get("status.time", Format.wholeSeconds(ran), eta))
                .orElseGet(() -> Format.wholeSeconds(ran));
        return new View(task.title(), true, task.fraction(), time, task.waitsFor(), task.stoppable());
    }

    private Optional<String> left(MigrationState state, Task task, Duration ran) {
        if (state.stage() == Stage.COPYING && copy.getValue().eta() instanceof Eta.Ready ready) {
            return Optional.of(Format.eta(ready, texts));
        }
        if (task.fraction() < TOO_LITTLE || ran.compareTo(TOO_EARLY) < 0) {
            return Optional.empty();
        }
        double rest = ran.toMillis() * (1 - task.fraction()) / task.fraction();
        return Optional.of(Format.eta(new Eta.Ready(Duration.ofMillis((long) rest)), texts));
    }
}
