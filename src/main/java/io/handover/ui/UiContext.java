package io.handover.ui;

import io.handover.engine.Answer;
import io.handover.engine.Desk;
import io.handover.engine.Migration;
import io.handover.flow.Signal;
import io.handover.model.Command;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.ReadLimit;
import io.handover.store.Store;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// What every page is given. JavaFX thread.
public final class UiContext {

    private final Desk desk;
    private final Store store;
    private final Texts texts;
    private final FilePicker files;
    private final Executor background;
    private final InstantSource clock;
    private final ReadOnlyObjectWrapper<Optional<Migration>> migration = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Instant> now;
    private final ReadOnlyObjectProperty<Optional<MigrationState>> state;
    private final ObjectProperty<Optional<PageId>> wanted = new SimpleObjectProperty<>(Optional.empty());
    private final ObjectProperty<Optional<Problem>> notice = new SimpleObjectProperty<>(Optional.empty());

    /// Begins without a migration.
    ///
    /// @param background for what would hold the JavaFX thread up; ended by whoever made it
    public UiContext(Desk desk, Store store, Texts texts, FilePicker files, InstantSource clock, Executor background) {
        this.desk = desk;
        this.store = store;
        this.background = background;
        this.texts = texts;
        this.files = files;
        this.clock = clock;
        this.now = new ReadOnlyObjectWrapper<>(clock.instant());
        this.state = FxFeed.follow(migration, Migration::state);
    }

    /// Where migrations are begun and found.
    public Desk desk() {
        return desk;
    }

    /// The user's files.
    public Store store() {
        return store;
    }

    /// Does `work` off the JavaFX thread. Its result comes back by `FxFeed.whenDone`.
    public <T> CompletableFuture<T> work(Callable<T> work) {
        var result = new CompletableFuture<T>();
        background.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /// The window's words.
    public Texts texts() {
        return texts;
    }

    /// Asks for files.
    public FilePicker files() {
        return files;
    }

    /// This machine's clock, for a moment; a page that shows time passing binds to `now()`.
    public InstantSource clock() {
        return clock;
    }

    /// The zone in which times are shown.
    public ZoneId zone() {
        return ZoneId.systemDefault();
    }

    /// This machine's clock, moved on about once a second while the window is open.
    public ReadOnlyObjectProperty<Instant> now() {
        return now.getReadOnlyProperty();
    }

    /// Moves `now()` on to the clock's time.
    public void tick() {
        now.set(clock.instant());
    }

    /// The migration the window is about; empty before the first check of the servers.
    public ReadOnlyObjectProperty<Optional<Migration>> migration() {
        return migration.getReadOnlyProperty();
    }

    /// The state of that migration; empty if there is none.
    public ReadOnlyObjectProperty<Optional<MigrationState>> state() {
        return state;
    }

    /// What `which` signals of the present migration; `none` while there is none. Keeps up when the migration
    /// is exchanged. Ask once and keep it.
    public <T> ObservableValue<T> follow(Function<Migration, Signal<T>> which, T none) {
        var value = FxFeed.follow(migration, which);
        return Derived.of(() -> value.get().orElse(none), value);
    }

    /// Makes the window about `next`. Another one that was open is let go.
    public void open(Migration next) {
        var before = migration.get();
        migration.set(Optional.of(next));
        before.filter(old -> !old.equals(next)).ifPresent(Migration::close);
    }

    /// Lets go of the migration: the window begins afresh.
    public void letGo() {
        var before = migration.get();
        migration.set(Optional.empty());
        before.ifPresent(Migration::close);
    }

    /// Asks the migration for `command`; a refusal shows above the page. Does nothing without a migration.
    ///
    /// @return whether it was accepted
    public boolean submit(Command command) {
        if (migration.get().isEmpty()) {
            return false;
        }
        return switch (migration.get().get().submit(command)) {
            case Answer.Accepted() -> true;
            case Answer.Refused(var reason) -> {
                tell(new Problem("refused", reason, texts.get("refused.meaning"), "", ""));
                yield false;
            }
        };
    }

    /// Why `command` would be refused now; empty if it would be accepted. The words for "no migration" without one.
    public Optional<String> refusal(Command command) {
        return migration.get().isEmpty()
                ? Optional.of(texts.get("refused.noMigration"))
                : migration.get().get().refusal(command);
    }

    /// How quickly copies and comparisons may read; empty if there is nothing that could be limited. Ask once and keep
    /// it.
    public ObservableValue<Optional<ReadLimit>> readLimit() {
        return state.map(present -> present.filter(
                        _ -> refusal(new Command.LimitReading(ReadLimit.NONE)).isEmpty())
                .map(now -> now.plan().readLimit()));
    }

    /// Shows `problem` above the page until it is closed or another page is shown.
    public void tell(Problem problem) {
        notice.set(Optional.of(problem));
    }

    /// Asks the shell to show `page`; it does so if the page can be reached.
    public void go(PageId page) {
        wanted.set(Optional.of(page));
    }

    /// What `tell` was last given; the shell shows and clears it.
    ObjectProperty<Optional<Problem>> notice() {
        return notice;
    }

    /// What `go` was last given; the shell obeys and clears it.
    ObjectProperty<Optional<PageId>> wanted() {
        return wanted;
    }
}
