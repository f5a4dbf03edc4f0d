package io.handover.ui.verify;

import io.handover.engine.EngineException;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.LastRows;
import io.handover.model.MigrationState;
import io.handover.model.ReadLimit;
import io.handover.model.TableRef;
import io.handover.model.VerifyReport;
import io.handover.ui.Export;
import io.handover.ui.PrimaryAction;
import io.handover.ui.RecordSaver;
import io.handover.ui.UiContext;
import io.handover.ui.control.Message;
import io.handover.ui.fx.Derived;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableValue;

/// What the page of the comparison shows and asks for.
final class VerifyViewModel {

    private final UiContext context;
    private final RecordSaver record;
    private final VerifyWords words;
    private final ObservableValue<Optional<VerifyReport>> report;
    private final BooleanProperty onlyChanged = new SimpleBooleanProperty();

    VerifyViewModel(UiContext context, Optional<Export> export) {
        this.context = context;
        record = new RecordSaver(context, export);
        words = new VerifyWords(context.texts(), context.zone());
        report = context.state().map(state -> state.flatMap(MigrationState::verification));
    }

    VerifyWords words() {
        return words;
    }

    ObservableValue<Optional<VerifyReport>> report() {
        return report;
    }

    ObservableValue<Message> summary() {
        return context.state().map(words::summary);
    }

    /// How quickly copies and comparisons may read; empty if there is nothing that could be limited.
    ObservableValue<Optional<ReadLimit>> limit() {
        return context.readLimit();
    }

    /// From now on, also for one that runs.
    void limit(ReadLimit limit) {
        context.submit(new Command.LimitReading(limit));
    }

    /// 0 to 1 while a comparison runs.
    ObservableValue<Optional<Double>> progress() {
        return context.state().map(words::progress);
    }

    ObservableValue<Optional<Message>> notCompared() {
        return report.map(words::notCompared);
    }

    ObservableValue<Optional<String>> facts() {
        return Derived.from(report, context.now(), words::facts);
    }

    ObservableValue<Optional<PrimaryAction>> primary() {
        return context.state()
                .map(state -> Optional.of(PrimaryAction.of(
                        context.texts()
                                .get(
                                        state.flatMap(MigrationState::verification)
                                                        .isPresent()
                                                ? "verify.again"
                                                : "verify.start"),
                        context.refusal(new Command.Verify()),
                        () -> context.submit(new Command.Verify(onlyChanged.get())))));
    }

    /// Whether the next comparison reads only what was changed since it was proved.
    BooleanProperty onlyChanged() {
        return onlyChanged;
    }

    /// One may go on without a comparison: the cutover compares in its pause what has not been settled before.
    ObservableValue<Boolean> canGoNext() {
        return context.state()
                .map(state -> state.map(MigrationState::stage)
                        .filter(stage -> stage.isStreaming() || stage.targetOwns())
                        .isPresent());
    }

    /// The newest rows of `table`; fails if there is no migration.
    CompletableFuture<LastRows> lastRows(TableRef table, int limit) {
        Optional<Migration> migration = context.migration().get();
        return migration
                .map(m -> m.lastRows(table, limit))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no migration")));
    }

    /// The statements that would repair `table` now; fails if there is no migration.
    CompletableFuture<List<String>> repairSql(TableRef table) {
        Optional<Migration> migration = context.migration().get();
        return migration
                .map(m -> m.repairSql(table))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no migration")));
    }

    /// Why `command` would be refused now.
    Optional<String> refusal(Command command) {
        return context.refusal(command);
    }

    /// Asks for it.
    void repair(TableRef table) {
        context.submit(new Command.Repair(table));
    }

    /// What of the schema is not the same.
    ObservableValue<Optional<Message>> schema() {
        return report.map(words::schema);
    }

    /// Writes the record of the migration to a file of the user's choice.
    RecordSaver record() {
        return record;
    }

    /// What a failed call says to people.
    String reason(Throwable failure) {
        return failure instanceof EngineException e
                ? e.problem().what() + " " + e.problem().action()
                : String.valueOf(failure.getMessage());
    }
}
