package io.handover;

import io.handover.cli.Version;
import io.handover.flow.NamedThreads;
import io.handover.store.Settings;
import io.handover.ui.Export;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.Shell;
import io.handover.ui.Theme;
import io.handover.ui.UiContext;
import io.handover.ui.connect.ConnectPage;
import io.handover.ui.control.Texts;
import io.handover.ui.cutover.CutoverPage;
import io.handover.ui.fx.FxFeed;
import io.handover.ui.replicate.ReplicatePage;
import io.handover.ui.retire.RetirePage;
import io.handover.ui.settings.SettingsPage;
import io.handover.ui.snapshot.SnapshotPage;
import io.handover.ui.verify.VerifyPage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/// The window. JavaFX makes it, so what it is made of waits in a static field for it.
public final class HandoverApp extends Application {

    private static final AtomicReference<@Nullable Start> START = new AtomicReference<>();
    private static final int WIDTH = 1180;
    private static final int HEIGHT = 780;
    private static final int LEAST_WIDTH = 800;
    private static final int LEAST_HEIGHT = 600;
    /// JavaFX's platform without a display has a screen of 1000 by 1000, and fails beyond it.
    private static final int HEADLESS_WIDTH = 990;
    private static final int HEADLESS_HEIGHT = 740;

    private final AtomicReference<@Nullable ScheduledExecutorService> clockHand = new AtomicReference<>();

    /// Made by JavaFX.
    public HandoverApp() {}

    /// Shows the window and returns when it is closed. Once in a run of the program.
    ///
    /// @param shown is given the window as soon as it is there; on the JavaFX thread
    /// @throws UnsupportedOperationException if there is no display
    static void show(Wiring wiring, Folders folders, Consumer<Window> shown) {
        START.set(new Start(wiring, folders, shown));
        keepPaintWithinBounds();
        launch(HandoverApp.class);
    }

    /// What is shown.
    ///
    /// @param stage   the window
    /// @param context what its pages are given
    record Window(Stage stage, UiContext context) {
        /// Closes it, from any thread; nobody is asked.
        void close() {
            FxFeed.later(stage::close);
        }
    }

    private record Start(Wiring wiring, Folders folders, Consumer<Window> shown) {}

    /// Where there is no graphics card JavaFX draws a background with round corners from a stored picture, half a pixel
    /// too high: a row above a button, outside of what is painted again when the button changes, so that it stays.
    /// Read by JavaFX when it starts.
    private static void keepPaintWithinBounds() {
        String stored = "prism.disableRegionCaching";
        if (System.getProperty(stored) == null) {
            System.setProperty(stored, "true");
        }
    }

    @Override
    public void start(Stage stage) {
        var start = Objects.requireNonNull(START.get(), "show() comes first");
        var wiring = start.wiring();
        var background = wiring.threads().pool("window-work", 2);
        var context = new UiContext(
                wiring.desk(),
                wiring.store(),
                Texts.of(Locale.getDefault()),
                new ChosenFiles(stage),
                wiring.clock(),
                background);
        var shell = new Shell(context, pages(context, start));
        var settings = wiring.store().settings();
        boolean headless = "Headless".equals(System.getProperty("glass.platform"));
        int width = headless ? HEADLESS_WIDTH : orElse(settings.get().width(), WIDTH);
        int height = headless ? HEADLESS_HEIGHT : orElse(settings.get().height(), HEIGHT);
        var scene = new Scene(shell, width, height);
        theme(settings.get().look()).dress(scene);
        stage.setTitle(context.texts().get("app.name"));
        stage.setMinWidth(LEAST_WIDTH);
        stage.setMinHeight(LEAST_HEIGHT);
        stage.setScene(scene);
        if (headless) {
            stage.setX(0);
            stage.setY(0);
        }
        stage.setOnCloseRequest(close -> {
            if (!shell.mayClose()) {
                close.consume();
            }
        });
        stage.setOnHidden(_ -> {
            if (!headless && !stage.isMaximized()) {
                settings.change(now -> now.with((int) scene.getWidth(), (int) scene.getHeight()));
            }
            NamedThreads.close(background, Duration.ofSeconds(1));
        });
        var hand = wiring.threads().scheduler("window-clock");
        clockHand.set(hand);
        var _ = hand.scheduleAtFixedRate(() -> FxFeed.later(context::tick), 1, 1, TimeUnit.SECONDS);
        shell.go(PageId.CONNECT);
        stage.show();
        start.shown().accept(new Window(stage, context));
        if (Training.wanted()) {
            Training.begin(shell, stage);
        }
    }

    @Override
    public void stop() {
        var hand = clockHand.get();
        if (hand != null) {
            hand.shutdownNow();
        }
    }

    private static Map<PageId, Supplier<Page>> pages(UiContext context, Start start) {
        var pages = new EnumMap<PageId, Supplier<Page>>(PageId.class);
        pages.put(PageId.CONNECT, () -> new ConnectPage(context));
        pages.put(PageId.SNAPSHOT, () -> new SnapshotPage(context));
        pages.put(PageId.REPLICATE, () -> new ReplicatePage(context));
        Optional<Export> export = Optional.of(new RecordFile(context));
        pages.put(PageId.VERIFY, () -> new VerifyPage(context, export));
        pages.put(PageId.CUTOVER, () -> new CutoverPage(context));
        pages.put(PageId.RETIRE, () -> new RetirePage(context, export));
        pages.put(
                PageId.SETTINGS, () -> new SettingsPage(context, start.folders().log(), Version.current()));
        return pages;
    }

    private static Theme theme(Settings.Look look) {
        return switch (look) {
            case LIGHT -> Theme.LIGHT;
            case DARK -> Theme.DARK;
            case SYSTEM -> Theme.ofSystem();
        };
    }

    private static int orElse(int set, int usual) {
        return set > 0 ? set : usual;
    }
}
