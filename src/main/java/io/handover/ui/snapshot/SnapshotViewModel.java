package io.handover.ui.snapshot;

import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.CopyProgress;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.ReadLimit;
import io.handover.model.Stage;
import io.handover.model.Task;
import io.handover.model.Waves;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Message;
import io.handover.ui.control.Problems;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/// What the snapshot's page shows and asks.
final class SnapshotViewModel {

    private final UiContext context;
    private final ObservableValue<CopyProgress> copy;
    private final PlanDraft draft = new PlanDraft();
    private final SourceTables tables;
    private final ReadOnlyObjectWrapper<List<Waves.Wave>> waves = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<String>> forecast = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<SnapshotMode> mode = new ReadOnlyObjectWrapper<>(SnapshotMode.NONE);
    private final ReadOnlyObjectWrapper<Optional<PrimaryAction>> primary =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private Optional<Plan> known = Optional.empty();

    SnapshotViewModel(UiContext context) {
        this.context = context;
        tables = new SourceTables(context);
        copy = context.follow(Migration::copy, CopyProgress.none(context.now().get()));
        context.state().subscribe(this::follow);
        draft.subscribe(this::changed);
        tables.all().subscribe(this::changed);
        draft.workers().subscribe(this::changeWorkers);
    }

    ReadOnlyObjectProperty<SnapshotMode> mode() {
        return mode.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<MigrationState>> state() {
        return context.state();
    }

    /// How quickly copies and comparisons may read; empty if there is nothing that could be limited.
    ObservableValue<Optional<ReadLimit>> limit() {
        return context.readLimit();
    }

    /// From now on, also for a copy that runs.
    void limit(ReadLimit limit) {
        context.submit(new Command.LimitReading(limit));
    }

    ObservableValue<CopyProgress> copy() {
        return copy;
    }

    /// The plan as it is being changed, until Start or until the page is left.
    PlanDraft draft() {
        return draft;
    }

    /// What could move.
    SourceTables tables() {
        return tables;
    }

    /// Takes the tables of `node` in or out.
    void set(ScopeNode node, boolean in) {
        draft.set(node, in, tables.all().get());
    }

    /// Tries how quick a copy of what is chosen would be.
    void askForecast() {
        Texts texts = context.texts();
        Optional<Plan> asked = planned();
        if (context.migration().get().isEmpty() || asked.isEmpty()) {
            return;
        }
        forecast.set(Optional.of(texts.get("snapshot.forecast.trying")));
        FxFeed.whenDone(
                context.migration().get().get().forecast(asked.get()),
                found -> answer(asked, Optional.of(new ForecastText(texts, found).words())),
                failure -> {
                    answer(asked, Optional.empty());
                    context.tell(Problems.of(failure, texts));
                });
    }

    /// An answer to what is not asked any more is none.
    private void answer(Optional<Plan> asked, Optional<String> words) {
        if (planned().equals(asked)) {
            forecast.set(words);
        }
    }

    /// The answer, or that it is being found; empty before somebody has asked.
    ReadOnlyObjectProperty<Optional<String>> forecast() {
        return forecast.getReadOnlyProperty();
    }

    /// In which waves the tables will move; a single one if all at once.
    ReadOnlyObjectProperty<List<Waves.Wave>> waves() {
        return waves.getReadOnlyProperty();
    }

    /// Asks for the archive's folder.
    void chooseFolder() {
        context.files()
                .folder(context.texts().get("snapshot.archive.choose"))
                .ifPresent(path -> draft.folder().set(path.toAbsolutePath().toString()));
    }

    /// The page's main action: Start, while there is something to choose.
    ObservableValue<Optional<PrimaryAction>> primary() {
        return primary.getReadOnlyProperty();
    }

    /// What stands above everything: a problem, or tables that cannot be read.
    ObservableValue<Optional<Message>> message() {
        return Derived.from(
                context.state(),
                tables.unread(),
                (state, failure) -> state.flatMap(this::message).or(() -> failure.map(p -> Message.of(Tone.BAD, p))));
    }

    private Optional<Message> message(MigrationState state) {
        return state.problem()
                .map(problem -> Message.of(
                        SnapshotMode.of(Optional.of(state)) == SnapshotMode.FAILED ? Tone.BAD : Tone.WARN, problem));
    }

    /// What the running step waits for; empty if it does not wait.
    ObservableValue<Optional<Message>> waiting() {
        return context.state()
                .map(state -> state.flatMap(MigrationState::task)
                        .map(Task::waitsFor)
                        .filter(who -> !who.isEmpty())
                        .map(who -> Message.of(
                                Tone.WARN,
                                context.texts().get("snapshot.waits", who),
                                context.texts().get("snapshot.waits.text"))));
    }

    ObservableValue<String> sentence() {
        return context.state().map(state -> context.texts().get("snapshot.sentence." + sentenceKey(state)));
    }

    private static String sentenceKey(Optional<MigrationState> state) {
        return switch (SnapshotMode.of(state)) {
            case NONE -> "none";
            case CHOOSE -> "choose";
            case RUN -> "run";
            case FAILED -> state.map(SnapshotViewModel::copied).orElse(false) ? "failedLater" : "failed";
            case DONE -> "done";
        };
    }

    /// A Retire or Discard that fails does so long after the copy.
    private static boolean copied(MigrationState failed) {
        return failed.failedStage()
                .filter(at -> at.isStreaming() || at.isCutover() || at.targetOwns() || at == Stage.FINISHED)
                .isPresent();
    }

    ObservableValue<Boolean> canGoNext() {
        return context.state()
                .map(state -> state.map(MigrationState::stage)
                        .filter(stage -> stage.isStreaming() || stage.targetOwns())
                        .isPresent());
    }

    /// Why the scope cannot be changed now; empty if it can.
    Optional<String> unchangeable() {
        return context.state().get().flatMap(state -> context.refusal(new Command.ChangePlan(state.plan())));
    }

    Optional<String> refusal(Command command) {
        return context.refusal(command);
    }

    void ask(Command command) {
        context.submit(command);
        renew();
    }

    /// Hands changes of the plan over, so that the preflight and the list of statements know them.
    void keepChanges() {
        planned()
                .filter(plan -> mode.get() == SnapshotMode.CHOOSE
                        && !known.equals(Optional.of(plan))
                        && context.refusal(new Command.ChangePlan(plan)).isEmpty())
                .ifPresent(plan -> context.submit(new Command.ChangePlan(plan)));
    }

    private void start() {
        var plan = planned();
        if (plan.isEmpty() || plan.equals(known) || context.submit(new Command.ChangePlan(plan.get()))) {
            context.submit(new Command.Start());
        }
    }

    private Optional<Plan> planned() {
        return known.map(draft::over);
    }

    /// A plan that was changed elsewhere is taken over, what is being changed here is kept otherwise.
    private void follow(Optional<MigrationState> state) {
        var plan = state.map(MigrationState::plan);
        if (!plan.equals(known)) {
            known = plan;
            plan.ifPresent(draft::take);
        }
        mode.set(SnapshotMode.of(state));
        renew();
    }

    /// While it runs a change holds at once; before, it is a part of the plan that Start hands over.
    private void changeWorkers(int number) {
        boolean differs = known.filter(plan -> plan.workers() != number).isPresent();
        if (differs && mode.get() == SnapshotMode.RUN) {
            context.submit(new Command.ChangeWorkers(number));
        }
    }

    /// What was foretold was of another plan.
    private void changed() {
        waves.set(draft.divide(tables.all().get()));
        forecast.set(Optional.empty());
        renew();
    }

    private void renew() {
        primary.set(
                mode.get() == SnapshotMode.CHOOSE
                        ? Optional.of(
                                PrimaryAction.of(context.texts().get("snapshot.start"), startRefused(), this::start))
                        : Optional.empty());
    }

    private Optional<String> startRefused() {
        var all = tables.all().get();
        boolean nothing = !all.isEmpty() && Share.of(all, draft.scope().get()).none();
        return context.refusal(new Command.Start())
                .or(() -> draft.method().get() == CopyMethod.ARCHIVE
                                && draft.archive().isEmpty()
                        ? Optional.of(context.texts().get("snapshot.archive.badCompression"))
                        : Optional.empty())
                .or(() -> nothing ? Optional.of(context.texts().get("snapshot.nothingIn")) : Optional.empty());
    }
}
