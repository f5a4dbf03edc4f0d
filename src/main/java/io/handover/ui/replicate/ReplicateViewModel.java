package io.handover.ui.replicate;

import io.handover.engine.Migration;
import io.handover.model.CountsView;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Session;
import io.handover.ui.UiContext;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.Derived;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javafx.beans.value.ObservableValue;

/// What the stream's page shows.
final class ReplicateViewModel {

    private final UiContext context;
    private final StreamWords words;
    private final StreamFigures figures;
    private final ObservableValue<LagView> lag;
    private final ObservableValue<GatesView> gates;
    private final ObservableValue<CountsView> counts;

    ReplicateViewModel(UiContext context) {
        this.context = context;
        var now = context.now().get();
        words = new StreamWords(context.texts());
        figures = new StreamFigures(context.texts(), context.zone());
        lag = context.follow(Migration::lag, LagView.none(now));
        gates = context.follow(Migration::gates, new GatesView(now, List.of(), Duration.ZERO));
        counts = context.follow(Migration::counts, new CountsView(now, List.of()));
    }

    /// Changes with each reading of the stream.
    ObservableValue<LagView> lag() {
        return lag;
    }

    ObservableValue<CountsView> counts() {
        return counts;
    }

    ObservableValue<List<Session>> writers() {
        return lag.map(LagView::writers);
    }

    ObservableValue<String> sentence() {
        return of(lag, words::sentence);
    }

    ObservableValue<String> stateWord() {
        return of(lag, words::state);
    }

    ObservableValue<Tone> stateTone() {
        return of(lag, words::tone);
    }

    ObservableValue<Optional<Message>> message() {
        return of(lag, words::message);
    }

    ObservableValue<Figure.Reading> behind() {
        return of(lag, figures::behind);
    }

    ObservableValue<Figure.Reading> caughtUp() {
        return of(lag, figures::caughtUp);
    }

    ObservableValue<Figure.Reading> pause() {
        return of(Derived.from(lag, gates, Both::new), (both, now) -> figures.pause(both.lag, both.gates, now));
    }

    ObservableValue<Figure.Reading> rates() {
        return of(lag, figures::rates);
    }

    ObservableValue<Figure.Reading> kept() {
        return of(lag, figures::kept);
    }

    /// When the tables were counted, and what that is worth.
    ObservableValue<String> caveat() {
        return counts.map(view -> view.tables().isEmpty()
                ? context.texts().get("replicate.counts.none")
                : context.texts().get("replicate.counts.caveat", Format.clock(view.at(), context.zone())));
    }

    ObservableValue<Boolean> canGoNext() {
        return context.state()
                .map(state -> state.map(MigrationState::stage)
                        .filter(stage -> stage.isStreaming() || stage.targetOwns())
                        .isPresent());
    }

    /// The samples of the present migration that were added after the first `seen`.
    List<LagSample> samplesSince(long seen) {
        return migration().map(m -> m.lagHistory().since(seen)).orElse(List.of());
    }

    /// How many samples the present migration has had.
    long samplesAdded() {
        return migration().map(m -> m.lagHistory().added()).orElse(0L);
    }

    Optional<Migration> migration() {
        return context.migration().get();
    }

    private <T, R> ObservableValue<R> of(ObservableValue<T> source, BiFunction<T, Instant, R> words) {
        return Derived.from(source, context.now(), words);
    }

    private record Both(LagView lag, GatesView gates) {}
}
