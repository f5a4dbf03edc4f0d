package io.handover.benchmark;

import io.handover.engine.Migration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.snapshot.SnapshotPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.control.Label;
import javafx.stage.Stage;

/// The snapshot's page over a real migration, and how long an event has to wait for its turn in it.
final class TablesWindow {

    private final List<Wait> waits = Collections.synchronizedList(new ArrayList<>());
    private final Stage[] stage = new Stage[1]; // of the JavaFX thread
    private volatile boolean watching;

    /// How long one event had to wait, and when.
    record Wait(String stage, double millis) {}

    TablesWindow() {
        System.setProperty("glass.platform", "Headless");
        System.setProperty("prism.order", "sw");
        Platform.startup(() -> {});
        Platform.setImplicitExit(false);
    }

    /// Shows the page.
    ///
    /// @return seconds until it tells of the tables
    double open(Migration migration) throws InterruptedException {
        long began = System.nanoTime();
        onFx(() -> {
            stage[0] = new Stage();
            PageStage.show(stage[0], new SnapshotPage(FakeUi.with(migration).context()));
        });
        var shown = new AtomicBoolean();
        while (!shown.get()) {
            onFx(() -> {
                var scene = stage[0].getScene();
                scene.getRoot().layout();
                Label totals = (Label) scene.lookup("#snapshot-totals");
                boolean choosing = totals != null && !totals.getText().isEmpty();
                shown.set(choosing || scene.lookup("#snapshot-done-tables-value") != null);
            });
            Thread.sleep(20);
        }
        return TablesBenchmark.since(began);
    }

    /// Begins to measure waits.
    ///
    /// @param doing what goes on meanwhile
    void watch(Supplier<String> doing) {
        watching = true;
        var thread = new Thread(() -> {
            try {
                while (watching) {
                    long asked = System.nanoTime();
                    onFx(() -> {});
                    waits.add(new Wait(doing.get(), (System.nanoTime() - asked) / 1e6));
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /// The longest.
    Wait longestWait() {
        return List.copyOf(waits).stream()
                .max(Comparator.comparingDouble(Wait::millis))
                .orElseThrow();
    }

    /// In milliseconds.
    double waitOf99() {
        var sorted = List.copyOf(waits).stream().map(Wait::millis).sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.floor(sorted.size() * 0.99));
    }

    void close() throws InterruptedException {
        watching = false;
        onFx(() -> stage[0].close());
    }

    private static void onFx(Runnable what) throws InterruptedException {
        var done = new CountDownLatch(1);
        Platform.runLater(() -> {
            what.run();
            done.countDown();
        });
        done.await();
    }
}
