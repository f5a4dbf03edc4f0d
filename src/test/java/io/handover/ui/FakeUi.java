package io.handover.ui;

import io.handover.engine.Migration;
import io.handover.store.Store;
import io.handover.testkit.ManualClock;
import io.handover.ui.control.Texts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What pages are given in tests: a desk without servers, a clock that the test moves, files that the test picks.
public final class FakeUi {

    private final FakeDesk desk;
    private final ManualClock clock = new ManualClock();
    private final UiContext context;
    private final List<String> askedForFiles = new ArrayList<>();
    private Optional<Path> file = Optional.empty();

    /// With an empty desk. JavaFX thread, as everything here.
    public FakeUi() {
        this(new FakeDesk());
    }

    /// With `desk`.
    public FakeUi(FakeDesk desk) {
        this(desk, Path.of("target", "no-such-folder"));
    }

    /// With `desk`, and the user's files, `.pgpass` and all, in `folder`. What would run in the background is done
    /// at once.
    public FakeUi(FakeDesk desk, Path folder) {
        this.desk = desk;
        var store = Store.open(folder, Map.of(), "Linux", folder);
        this.context = new UiContext(desk, store, Texts.of(Locale.ENGLISH), new Picker(), clock, Runnable::run);
    }

    /// With `migration` open.
    public static FakeUi with(Migration migration) {
        var ui = new FakeUi();
        ui.context.open(migration);
        return ui;
    }

    /// What pages are given.
    public UiContext context() {
        return context;
    }

    /// The desk.
    public FakeDesk desk() {
        return desk;
    }

    /// The clock, which the window follows only by `tick`.
    public ManualClock clock() {
        return clock;
    }

    /// Moves the clock on, and the window with it.
    public void tick(Duration step) {
        clock.advance(step);
        context.tick();
    }

    /// The file the user will pick, whatever he is asked.
    public FakeUi picking(Path path) {
        file = Optional.of(path);
        return this;
    }

    /// The titles of the dialogs that asked for a file.
    public List<String> askedForFiles() {
        return askedForFiles;
    }

    private final class Picker implements FilePicker {
        @Override
        public Optional<Path> open(String title, String kind, String pattern) {
            askedForFiles.add(title);
            return file;
        }

        @Override
        public Optional<Path> folder(String title) {
            askedForFiles.add(title);
            return file;
        }

        @Override
        public Optional<Path> save(String title, String kind, String pattern, String name) {
            askedForFiles.add(title);
            return file;
        }
    }
}
