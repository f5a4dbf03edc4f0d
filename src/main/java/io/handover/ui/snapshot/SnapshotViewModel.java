package io.handover.ui.snapshot;

import io.handover.engine.Migration;
import io.handover.model.Archive;
import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.CopyProgress;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.ReadLimit;
import io.handover.model.Scope;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// What the snapshot's page shows and asks. The plan as it is being changed lives here until Start, or until the
/// page is left.
final class SnapshotViewModel {

    private final UiContext context;
    private final ObservableValue<CopyProgress> copy;
    private final ObjectProperty<Scope> scope = new SimpleObjectProperty<>(Scope.everything());
    private final ObjectProperty<Integer> workers = new SimpleObjectProperty<>(2);
    private final ObjectProperty<CopyMethod> method = new SimpleObjectProperty<>(CopyMethod.THROUGH_HERE);
    private final ObjectProperty<String> folder = new SimpleObjectProperty<>("");
    private final ObjectProperty<Archive.Format> format = new SimpleObjectProperty<>(Archive.Format.DIRECTORY);
    private final ObjectProperty<String> compression = new SimpleObjectProperty<>("");
    private final ObjectProperty<Boolean> wavesBySize = new SimpleObjectProperty<>(false);
    private final ObjectProperty<Integer> waveNumber = new SimpleObjectProperty<>(1);
    private final ObjectProperty<Integer> waveGigabytes = new SimpleObjectProperty<>(100);
    private final ObjectProperty<List<List<TableRef>>> namedWaves = new SimpleObjectProperty<>(List.of());
    private final ReadOnlyObjectWrapper<List<Waves.Wave>> waves = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<String>> forecast = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final BooleanProperty keepOwners = new SimpleBooleanProperty();
    private final BooleanProperty keepGrants = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<List<TableInfo>> tables = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Boolean> loading = new ReadOnlyObjectWrapper<>(false);
    private final ReadOnlyObjectWrapper<Optional<Problem>> unread = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<SnapshotMode> mode = new ReadOnlyObjectWrapper<>(SnapshotMode.NONE);
    private final ReadOnlyObjectWrapper<Optional<PrimaryAction>> primary =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private Optional<Plan> known = Optional.empty();
    private Optional<Migration> read = Optional.empty();

    SnapshotViewModel(UiContext context) {
        this.context = context;
        copy = context.follow(Migration::copy, CopyProgress.none(context.now().get()));
        context.state().subscribe(this::follow);
        for (ObservableValue<?> part : List.of(scope, tables, wavesBySize, waveNumber, waveGigabytes, namedWaves)) {
            part.subscribe(this::divide);
        }
        for (ObservableValue<?> part :
                List.of(waves, scope, workers, method, folder, format, compression, keepOwners, keepGrants, tables)) {
            part.subscribe(this::renew);
            part.subscribe(() -> forecast.set(Optional.empty())); // it was of another plan
        }
        workers.subscribe(this::changeWorkers);
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

    ReadOnlyObjectProperty<List<TableInfo>> tables() {
        return tables.getReadOnlyProperty();
    }

    /// Whether the tables are being read.
    ReadOnlyObjectProperty<Boolean> loading() {
        return loading.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Scope> scope() {
        return scope;
    }

    ObjectProperty<Integer> workers() {
        return workers;
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

    ObjectProperty<CopyMethod> method() {
        return method;
    }

    /// Whether waves are made by their size, not by their number.
    ObjectProperty<Boolean> wavesBySize() {
        return wavesBySize;
    }

    ObjectProperty<Integer> waveNumber() {
        return waveNumber;
    }

    ObjectProperty<Integer> waveGigabytes() {
        return waveGigabytes;
    }

    /// Those chosen by hand, which come before all others.
    ObjectProperty<List<List<TableRef>>> namedWaves() {
        return namedWaves;
    }

    /// In which waves the tables will move; a single one if all at once.
    ReadOnlyObjectProperty<List<Waves.Wave>> waves() {
        return waves.getReadOnlyProperty();
    }

    /// Makes `some` a wave of their own, after those made so before.
    void makeWave(List<TableInfo> some) {
        if (!some.isEmpty()) {
            var names = some.stream().map(TableInfo::table).toList();
            namedWaves.set(Stream.concat(
                            namedWaves.get().stream()
                                    .map(wave -> wave.stream()
                                            .filter(table -> !names.contains(table))
                                            .toList())
                                    .filter(wave -> !wave.isEmpty()),
                            Stream.of(names))
                    .toList());
        }
    }

    private Waves plannedWaves() {
        return wavesBySize.get()
                ? new Waves(namedWaves.get(), 0, waveGigabytes.get())
                : new Waves(namedWaves.get(), waveNumber.get(), 0);
    }

    private void divide() {
        Scope moves = scope.get();
        waves.set(plannedWaves()
                .of(tables.get().stream()
                        .filter(table -> moves.includes(table.table()) && moves.includes(table.root()))
                        .toList()));
    }

    /// Where the archive is kept; empty for a temporary one.
    ObjectProperty<String> folder() {
        return folder;
    }

    ObjectProperty<Archive.Format> format() {
        return format;
    }

    /// As `pg_dump` has it; may be what no `pg_dump` knows, see `startRefused`.
    ObjectProperty<String> compression() {
        return compression;
    }

    /// Asks for the archive's folder.
    void chooseFolder() {
        context.files()
                .folder(context.texts().get("snapshot.archive.choose"))
                .ifPresent(path -> folder.set(path.toAbsolutePath().toString()));
    }

    private Optional<Archive> archive() {
        try {
            return Optional.of(new Archive(folder.get(), format.get(), compression.get()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    BooleanProperty keepOwners() {
        return keepOwners;
    }

    BooleanProperty keepGrants() {
        return keepGrants;
    }

    /// Takes the tables of `node` in or out.
    void set(ScopeNode node, boolean in) {
        scope.set(ScopeEdit.set(scope.get(), node, in, tables.get()));
    }

    /// Reads the tables if this migration's have not been read.
    void readOnce() {
        if (!context.migration().get().equals(read)) {
            read();
        }
    }

    /// Reads the tables.
    void read() {
        read = context.migration().get();
        tables.set(List.of());
        unread.set(Optional.empty());
        loading.set(read.isPresent());
        var asked = read;
        asked.ifPresent(migration -> {
            CompletableFuture<List<TableInfo>> answer = migration.tables();
            FxFeed.whenDone(
                    answer,
                    found -> took(asked, found, Optional.empty()),
                    failure -> took(asked, List.of(), Optional.of(Problems.of(failure, context.texts()))));
        });
    }

    private void took(Optional<Migration> asked, List<TableInfo> found, Optional<Problem> failure) {
        if (asked.equals(read)) {
            loading.set(false);
            unread.set(failure);
            tables.set(found);
        }
    }

    /// The page's main action: Start, while there is something to choose.
    ObservableValue<Optional<PrimaryAction>> primary() {
        return primary.getReadOnlyProperty();
    }

    /// What stands above everything: a problem, or tables that cannot be read.
    ObservableValue<Optional<Message>> message() {
        return Derived.from(
                context.state(),
                unread,
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
            case FAILED -> "failed";
            case DONE -> "done";
        };
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
        return known.map(plan -> plan.with(scope.get())
                .withWorkers(workers.get())
                .with(method.get())
                .with(archive().orElse(plan.archive()))
                .with(plannedWaves())
                .withOwnership(keepOwners.get(), keepGrants.get()));
    }

    /// A plan that was changed elsewhere is taken over, what is being changed here is kept otherwise.
    private void follow(Optional<MigrationState> state) {
        var plan = state.map(MigrationState::plan);
        if (!plan.equals(known)) {
            known = plan;
            plan.ifPresent(now -> {
                scope.set(now.scope());
                workers.set(now.workers());
                method.set(now.copyMethod());
                wavesBySize.set(now.waves().gigabytes() > 0);
                waveNumber.set(Math.max(1, now.waves().number()));
                if (now.waves().gigabytes() > 0) {
                    waveGigabytes.set(now.waves().gigabytes());
                }
                namedWaves.set(now.waves().named());
                folder.set(now.archive().folder());
                format.set(now.archive().format());
                compression.set(now.archive().compression());
                keepOwners.set(now.keepOwners());
                keepGrants.set(now.keepGrants());
            });
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

    private void renew() {
        primary.set(
                mode.get() == SnapshotMode.CHOOSE
                        ? Optional.of(
                                PrimaryAction.of(context.texts().get("snapshot.start"), startRefused(), this::start))
                        : Optional.empty());
    }

    private Optional<String> startRefused() {
        boolean nothing =
                !tables.get().isEmpty() && Share.of(tables.get(), scope.get()).none();
        return context.refusal(new Command.Start())
                .or(() -> method.get() == CopyMethod.ARCHIVE && archive().isEmpty()
                        ? Optional.of(context.texts().get("snapshot.archive.badCompression"))
                        : Optional.empty())
                .or(() -> nothing ? Optional.of(context.texts().get("snapshot.nothingIn")) : Optional.empty());
    }
}
