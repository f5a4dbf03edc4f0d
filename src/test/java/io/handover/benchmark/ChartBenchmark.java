package io.handover.benchmark;

import io.handover.ui.Theme;
import io.handover.ui.control.ChartUnit;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TimeChart;
import java.lang.management.ManagementFactory;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/// What a new sample costs a chart that has a day of them: on the JavaFX thread, which serves the page as well, on the
/// thread that paints, and how long the page waits for its turn meanwhile.
final class ChartBenchmark {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 450;
    /// Between two samples, so that each is painted by itself.
    private static final int PAUSE_MILLIS = 50;
    private static final int WARM_UP = 100;

    private final TimeChart chart;
    private final double[] drawn;
    private final Random random = new Random(1);
    private long time;

    private ChartBenchmark(int points, TimeChart.Span span, int runs) {
        drawn = new double[runs];
        chart = new TimeChart(
                86_400,
                ZoneId.of("UTC"),
                Texts.of(Locale.ENGLISH),
                List.of(
                        new TimeChart.Series("Bytes", ChartUnit.BYTES),
                        new TimeChart.Series("Seconds", ChartUnit.SECONDS)));
        chart.spanProperty().set(span);
        for (int i = 0; i < points; i++) {
            add();
        }
    }

    /// Prints the rows of the table in `docs/BENCHMARKS.md`.
    ///
    /// @param args how many redraws
    public static void main(String[] args) throws InterruptedException {
        System.setProperty("glass.platform", "Headless");
        System.setProperty("prism.order", "sw");
        System.setProperty("prism.disableRegionCaching", "true");
        int runs = args.length == 0 ? 400 : Integer.parseInt(args[0]);
        Platform.startup(() -> {});
        Platform.setImplicitExit(false); // each measurement closes its window
        System.out.println(
                "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        measure(300, TimeChart.Span.MINUTES_5, runs);
        measure(3_600, TimeChart.Span.HOUR_1, runs);
        measure(86_400, TimeChart.Span.HOURS_24, runs);
        System.out.println(
                "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        Platform.exit();
    }

    private static void measure(int points, TimeChart.Span span, int runs) throws InterruptedException {
        var stage = new Stage[1];
        var benchmark = new ChartBenchmark[1];
        onFx(() -> {
            benchmark[0] = new ChartBenchmark(points, span, runs);
            stage[0] = new Stage();
            stage[0].setScene(new Scene(new StackPane(benchmark[0].chart), WIDTH, HEIGHT));
            Theme.LIGHT.dress(stage[0].getScene());
            stage[0].show();
        });
        for (int i = 0; i < WARM_UP; i++) {
            onFx(benchmark[0]::add);
            Thread.sleep(10);
        }
        long fx = cpu("JavaFX Application Thread");
        long painter = cpu("QuantumRenderer");
        var waits = new double[runs];
        for (int i = 0; i < runs; i++) {
            int run = i;
            onFx(() -> benchmark[0].redraw(run));
            waits[i] = longestWait();
        }
        System.out.printf(
                Locale.ROOT,
                "| %,d | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms |%n",
                points,
                at(benchmark[0].drawn, 0.5),
                at(benchmark[0].drawn, 0.99),
                (cpu("JavaFX Application Thread") - fx) / 1e6 / runs,
                (cpu("QuantumRenderer") - painter) / 1e6 / runs,
                at(waits, 0.5),
                at(waits, 0.99));
        onFx(stage[0]::close);
    }

    private void add() {
        time += 1000;
        chart.add(time, 1e6 * (2 + random.nextDouble()), random.nextDouble());
    }

    private void redraw(int run) {
        add();
        long begin = System.nanoTime();
        chart.getScene().getRoot().layout();
        drawn[run] = (System.nanoTime() - begin) / 1e6;
    }

    /// How long an event that comes while the new sample is drawn and painted has to wait, at the worst.
    private static double longestWait() throws InterruptedException {
        double longest = 0;
        long end = System.nanoTime() + PAUSE_MILLIS * 1_000_000L;
        while (System.nanoTime() < end) {
            long asked = System.nanoTime();
            onFx(() -> {});
            longest = Math.max(longest, (System.nanoTime() - asked) / 1e6);
            Thread.sleep(2);
        }
        return longest;
    }

    private static double at(double[] all, double share) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }

    private static long cpu(String thread) {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(thread))
                .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
                .sum();
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
