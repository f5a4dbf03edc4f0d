package io.handover.ui.cutover;

import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.FreezeRole;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.UnsentChanges;
import io.handover.report.RunbookText;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.TroubleBanner;
import io.handover.ui.UiContext;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Message;
import io.handover.ui.control.Problems;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

/// What the cutover's page shows and asks for.
final class CutoverViewModel {

    /// Which part of the way the page is about.
    enum Phase {
        /// Gates, options, confirmation.
        BEFORE,
        /// A cutover or roll back is under way.
        DURING,
        /// The target owns the data; one can go back.
        WINDOW,
        /// A cutover or roll back has stopped halfway; a person decides.
        STOPPED,
        /// Nothing of all this: not yet, or not any more.
        IDLE
    }

    private final UiContext context;
    private final CutoverWords words;
    private final StringProperty typed = new SimpleStringProperty("");
    private final ObjectProperty<Optional<UnsentChanges>> unsent = new SimpleObjectProperty<>(Optional.empty());
    private final ObservableValue<GatesView> gates;
    private final ObservableValue<LagView> lag;
    private final ObservableValue<Optional<Plan>> plan;
    private final ObservableValue<Optional<CutoverReport>> last;
    private final ObservableValue<Phase> phase;
    private final ObservableValue<Optional<String>> closed;

    CutoverViewModel(UiContext context) {
        this.context = context;
        var now = context.now().get();
        words = new CutoverWords(context.texts(), context.zone());
        gates = context.follow(Migration::gates, new GatesView(now, List.of(), Duration.ZERO));
        lag = context.follow(Migration::lag, LagView.none(now));
        plan = context.state().map(state -> state.map(MigrationState::plan));
        last = context.state().map(state -> state.flatMap(MigrationState::lastCutover));
        phase = context.state().map(state -> state.map(CutoverViewModel::phase).orElse(Phase.IDLE));
        closed = of(gates, words::closed);
    }

    private static Phase phase(MigrationState state) {
        if (state.stage().isCutover()) {
            return Phase.DURING;
        }
        if (TroubleBanner.stuck(state)) {
            return state.failedStage().filter(Stage::isCutover).isPresent() ? Phase.STOPPED : Phase.IDLE;
        }
        if (state.stage() == Stage.REVERSE_OPEN) {
            return Phase.WINDOW;
        }
        return state.stage() == Stage.STREAMING || state.stage() == Stage.VERIFYING ? Phase.BEFORE : Phase.IDLE;
    }

    CutoverWords words() {
        return words;
    }

    ObservableValue<Phase> phase() {
        return phase;
    }

    ObservableValue<Optional<Plan>> plan() {
        return plan;
    }

    ObservableValue<GatesView> gates() {
        return gates;
    }

    /// The last cutover or roll back.
    ObservableValue<Optional<CutoverReport>> last() {
        return last;
    }

    /// How the last one went; empty if it stands still in the middle, for then only the problem is true.
    ObservableValue<Optional<Message>> result() {
        return context.state()
                .map(state -> state.flatMap(now -> now.lastCutover()
                        .filter(report -> !TroubleBanner.stuck(now) || report.outcome() != Outcome.RUNNING)
                        .map(words::result)));
    }

    ObservableValue<String> gatesWord() {
        return of(gates, words::gates);
    }

    ObservableValue<Tone> gatesTone() {
        return of(gates, words::gatesTone);
    }

    /// True if the override was taken; a refusal shows above the page.
    boolean override(String gate, String reason) {
        return context.submit(new Command.OverrideGate(gate, reason));
    }

    /// Takes an override back.
    void withdraw(String gate) {
        context.submit(new Command.WithdrawOverride(gate));
    }

    ObservableValue<Figure.Reading> predicted() {
        return of(gates, words::predicted);
    }

    ObservableValue<Figure.Reading> window() {
        return of(context.state(), (state, now) -> words.window(state.flatMap(MigrationState::windowEnds), now));
    }

    ObservableValue<Figure.Reading> reverse() {
        return of(lag, words::reverse);
    }

    ObservableValue<Optional<Message>> wayBack() {
        return Derived.from(
                of(lag, (reading, now) -> Map.entry(reading, now)),
                gates,
                (look, read) -> Optional.of(words.wayBack(look.getKey(), read, look.getValue())));
    }

    /// This machine's clock, finer than the window's tick.
    Instant now() {
        return context.clock().instant();
    }

    /// What was typed to confirm the cutover.
    StringProperty typed() {
        return typed;
    }

    /// The name of `side`'s database.
    ObservableValue<String> database(Side side) {
        return plan.map(p -> p.map(x -> x.profile(side).database()).orElse(""));
    }

    ObservableValue<Optional<PrimaryAction>> primary() {
        var refusal = Derived.from(Derived.from(context.state(), closed, (_, gate) -> gate), typed, this::refusal);
        return Derived.from(phase, refusal, this::primary);
    }

    private Optional<PrimaryAction> primary(Phase now, Optional<String> refusal) {
        return now == Phase.BEFORE
                ? Optional.of(PrimaryAction.of(context.texts().get("cutover.act"), refusal, this::cutOver)
                        .dangerous())
                : Optional.empty();
    }

    /// What has to be repaired comes before what has to be typed.
    private Optional<String> refusal(Optional<String> gate, String text) {
        String name = database(Side.TARGET).getValue();
        return context.refusal(new Command.CutOver(name))
                .or(() -> gate)
                .or(() -> context.refusal(new Command.CutOver(text))
                        .or(() -> text.equals(name)
                                ? Optional.empty()
                                : Optional.of(context.texts().get("confirm.type", name))));
    }

    private void cutOver() {
        String text = typed.get();
        typed.set("");
        context.submit(new Command.CutOver(text));
    }

    /// Why one cannot go back now.
    ObservableValue<Optional<String>> rollBackRefusal() {
        // The gates change without the state: what closed the way a moment ago may be over.
        return Derived.from(
                context.state(),
                gates,
                (_, _) -> context.refusal(
                        new Command.RollBack(database(Side.SOURCE).getValue())));
    }

    void rollBack(String text) {
        context.submit(new Command.RollBack(text));
    }

    /// Why the options cannot change now.
    ObservableValue<Optional<String>> optionsRefusal() {
        return context.state().map(state -> state.flatMap(now -> context.refusal(new Command.ChangePlan(now.plan()))));
    }

    /// True if they were taken.
    boolean save(Plan changed) {
        return context.submit(new Command.ChangePlan(changed));
    }

    /// Remembers it while the program runs; under the master password too where the remembered passwords are open.
    void consolePassword(Pooler pooler, Secret password) {
        context.store().consoles().typed(pooler.console(), password);
        var secrets = context.store().secrets();
        if (secrets.isUnlocked()) {
            try {
                secrets.keep(pooler.console(), password);
            } catch (IOException e) {
                context.tell(Problems.of(e, context.texts()));
            }
        }
    }

    /// Asks the owner's server which roles a freeze could name.
    void readRoles(Consumer<List<FreezeRole>> found, Runnable failed) {
        context.migration()
                .get()
                .ifPresent(migration -> FxFeed.whenDone(migration.freezeRoles(), found, failure -> {
                    failed.run();
                    context.tell(Problems.of(failure, context.texts()));
                }));
    }

    /// Rehearses the next hand-over.
    void rehearse() {
        context.submit(new Command.Rehearse());
    }

    /// Why that is refused now.
    ObservableValue<Optional<String>> rehearsalRefusal() {
        return Derived.from(context.state(), phase, (_, _) -> context.refusal(new Command.Rehearse()));
    }

    /// What the last rehearsal found; empty before the first.
    ObservableValue<String> rehearsal() {
        return context.state()
                .map(state -> state.flatMap(now -> now.audit().lastNote(Command.Rehearse.NOTE))
                        .orElse(""));
    }

    /// Asks for a file and writes the runbook there.
    void saveRunbook() {
        Texts texts = context.texts();
        var migration = context.migration().get();
        var file = context.files()
                .save(texts.get("cutover.runbook"), texts.get("cutover.runbook.kind"), "*.md", "cutover-runbook.md");
        if (migration.isEmpty() || file.isEmpty()) {
            return;
        }
        var written = migration
                .get()
                .runbook()
                .thenCompose(book -> context.work(() -> Files.writeString(
                        file.get(), RunbookText.of(book, file.get().toString()))));
        FxFeed.whenDone(written, _ -> {}, failure -> context.tell(Problems.of(failure, texts)));
    }

    /// Asks what the source has not received.
    void readUnsent() {
        Texts texts = context.texts();
        context.migration()
                .get()
                .ifPresent(migration -> FxFeed.whenDone(
                        migration.unsent(),
                        found -> unsent.set(Optional.of(found)),
                        failure -> context.tell(Problems.of(failure, texts))));
    }

    /// The answer; empty before somebody has asked.
    ObservableValue<Optional<UnsentChanges>> unsent() {
        return unsent;
    }

    void goToRetire() {
        context.go(PageId.RETIRE);
    }

    ObservableValue<Boolean> canGoNext() {
        return context.state()
                .map(state -> state.map(MigrationState::stage)
                        .filter(stage -> stage == Stage.REVERSE_OPEN || stage == Stage.FINISHED)
                        .isPresent());
    }

    private <T, R> ObservableValue<R> of(ObservableValue<T> source, BiFunction<T, Instant, R> make) {
        return Derived.from(source, context.now(), make);
    }
}
