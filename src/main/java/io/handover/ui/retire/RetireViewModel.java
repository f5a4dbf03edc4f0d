package io.handover.ui.retire;

import io.handover.model.Command;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.report.Reminder;
import io.handover.ui.Export;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.RecordSaver;
import io.handover.ui.TroubleBanner;
import io.handover.ui.UiContext;
import io.handover.ui.control.Message;
import io.handover.ui.control.Problems;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableValue;

/// What the last page shows and asks for.
final class RetireViewModel {

    private final UiContext context;
    private final RetireWords words;
    private final RecordSaver record;
    private final BooleanProperty understood = new SimpleBooleanProperty();
    private final BooleanProperty oldReadOnly = new SimpleBooleanProperty();

    RetireViewModel(UiContext context, Optional<Export> export) {
        this.context = context;
        record = new RecordSaver(context, export);
        words = new RetireWords(context.texts(), context.zone());
    }

    ObservableValue<Optional<Message>> summary() {
        return context.state().map(state -> state.flatMap(words::summary));
    }

    /// What is taken off `server`; empty once it is over, and while it stands still.
    ObservableValue<Optional<List<String>>> removed(Side server) {
        return of(state -> words.removed(state, server)).map(lines -> lines.filter(_ -> canBegin()));
    }

    ObservableValue<Optional<List<String>>> stays() {
        return of(words::stays).map(lines -> lines.filter(_ -> canBegin()));
    }

    ObservableValue<Optional<List<RetireWords.Fact>>> retrospect() {
        return of(words::retrospect);
    }

    ObservableValue<List<String>> leftovers() {
        return context.state().map(state -> state.map(MigrationState::leftovers).orElse(List.of()));
    }

    /// Whether one can still go back.
    ObservableValue<Boolean> canGoBack() {
        return context.state()
                .map(state ->
                        state.filter(now -> now.stage() == Stage.REVERSE_OPEN).isPresent());
    }

    /// Ticked by who wants the old database to stay read-only.
    BooleanProperty oldReadOnly() {
        return oldReadOnly;
    }

    /// Writes the record of the migration to a file of the user's choice.
    RecordSaver record() {
        return record;
    }

    /// Asks for a file and writes an entry for a calendar there.
    void saveReminder() {
        Texts texts = context.texts();
        var state = context.state().get();
        var file = context.files()
                .save(texts.get("retire.reminder"), texts.get("retire.reminder.kind"), "*.ics", "switch-off.ics");
        if (state.isEmpty() || file.isEmpty()) {
            return;
        }
        String entry = Reminder.ics(state.get(), context.clock().instant(), context.zone());
        FxFeed.whenDone(
                context.work(() -> Files.writeString(file.get(), entry)),
                _ -> {},
                failure -> context.tell(Problems.of(failure, texts)));
    }

    /// Ticked by who knows that there is no way back from here.
    BooleanProperty understood() {
        return understood;
    }

    ObservableValue<Optional<PrimaryAction>> primary() {
        return Derived.from(
                context.state(),
                understood,
                (state, known) -> state.filter(RetireViewModel::canBegin)
                        .map(_ -> PrimaryAction.of(context.texts().get("retire.act"), refusal(known), this::retire)
                                .dangerous()));
    }

    private Optional<String> refusal(boolean known) {
        return context.refusal(new Command.Retire())
                .or(() -> known ? Optional.empty() : Optional.of(context.texts().get("retire.tick")));
    }

    private void retire() {
        understood.set(false);
        context.submit(new Command.Retire(oldReadOnly.get()));
    }

    /// Whether giving up is possible at all in this state.
    ObservableValue<Boolean> canDiscard() {
        return context.state()
                .map(state -> state.filter(now -> now.owner() == Side.SOURCE
                                && !now.stage().leavesServersUntouched()
                                && !now.stage().isCutover())
                        .isPresent());
    }

    /// Why one cannot give up right now.
    ObservableValue<Optional<String>> discardRefusal() {
        return context.state().map(_ -> context.refusal(new Command.Discard()));
    }

    void discard() {
        context.submit(new Command.Discard());
    }

    /// The name of the target's database.
    ObservableValue<String> targetDatabase() {
        return of(state -> state.plan().target().database()).map(name -> name.orElse(""));
    }

    void goBack() {
        context.go(PageId.CUTOVER);
    }

    private boolean canBegin() {
        return context.state().get().filter(RetireViewModel::canBegin).isPresent();
    }

    /// What stands still goes on by Retry.
    private static boolean canBegin(MigrationState state) {
        return state.stage() != Stage.FINISHED && !TroubleBanner.stuck(state);
    }

    private <R> ObservableValue<Optional<R>> of(Function<MigrationState, R> make) {
        return context.state().map(state -> state.map(make));
    }
}
