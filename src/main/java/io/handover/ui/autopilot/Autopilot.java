package io.handover.ui.autopilot;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.Finding;
import io.handover.model.MigrationState;
import io.handover.model.PreflightReport;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.ui.UiContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.scene.Scene;

/// Carries a migration from the filled-in forms to its end, in the very window a user has, by the very same buttons
/// and fields. It looks into the migration's state only to know when a step is over.
///
/// Used on one thread, which is not the JavaFX thread; `stop` may be called on any.
public final class Autopilot {

    static final Duration SOON = Duration.ofSeconds(60);
    static final Duration LATER = Duration.ofMinutes(5);
    /// Seconds of chart that make a picture.
    private static final int SAMPLES = 15;
    private static final int TRIES = 5;

    private final Script script;
    private final Consumer<String> tell;
    private final Gate gate = new Gate();
    private final Hands hands;
    private final Eyes eyes;
    private final Camera camera;
    private final HandOver handOver;
    private int steps;
    private boolean proved;

    /// Drives the window that shows `scene`.
    ///
    /// @param tell is given a line for each step that is over
    public Autopilot(Scene scene, UiContext context, Script script, Consumer<String> tell) {
        this.script = script;
        this.tell = tell;
        this.hands = new Hands(scene, gate);
        this.eyes = new Eyes(context, hands);
        this.camera = new Camera(scene, hands, script.pictures());
        this.handOver = new HandOver(hands, eyes, camera, script, tell);
    }

    /// Does the whole of it; takes minutes. A step that cannot be done ends it.
    public Outcome run() throws InterruptedException {
        String problem = "";
        try {
            connect();
            copy();
            replicate();
            step("Both sides compared while writes go on", () -> verify(Side.SOURCE, "verified"));
            step("Switch hook typed in and saved", handOver::options);
            step("Cut over to the target", () -> handOver.cutOver("cut-over"));
            step("Compared again, the other way round", () -> verify(Side.TARGET, "verified-window"));
            if (!script.quick()) {
                step("Rolled back to the source", handOver::rollBack);
                step("Compared after the roll back", () -> verify(Side.SOURCE, "verified-back"));
                step("Cut over once more", () -> handOver.cutOver("cut-over-again"));
            }
            step("Writing stopped, every row compared", this::prove);
            step("Old source retired", this::retire);
        } catch (Stuck e) {
            problem = String.valueOf(e.getMessage());
            failurePicture();
        } catch (StoppedException _) {
            problem = "The window was closed before the end.";
        } catch (IOException e) {
            problem = "A picture could not be written: " + e;
        }
        return new Outcome(eyes.targetOwns(), proved, problem);
    }

    /// Ends it at its next look.
    public void stop() {
        gate.stop();
    }

    private void connect() throws Stuck, IOException, InterruptedException, StoppedException {
        step("Window shown", () -> {
            eyes.ready("source-test", SOON);
            camera.album("connect");
        });
        step("Both connections tested", () -> {
            test("source");
            test("target");
            camera.album("tested");
        });
        step("Both servers checked", () -> {
            hands.press("primary");
            checked(Instant.MIN);
        });
        step("Offered fixes applied", this::fix);
    }

    private void test(String side) throws Stuck, InterruptedException, StoppedException {
        hands.press(side + "-test");
        eyes.ready(side + "-test", SOON);
        if (hands.isShown(side + "-problem")) {
            throw new Stuck("The " + side + " cannot be reached: " + hands.text(side + "-problem"));
        }
    }

    private PreflightReport checked(Instant after) throws Stuck, InterruptedException, StoppedException {
        return eyes.await(
                        "the result of the check",
                        SOON,
                        state -> !state.busy()
                                && state.preflight()
                                        .filter(report -> report.at().isAfter(after))
                                        .isPresent())
                .preflight()
                .orElseThrow();
    }

    private void fix() throws Stuck, IOException, InterruptedException, StoppedException {
        var report = checked(Instant.MIN);
        unfold(report);
        camera.album("checked");
        for (int done = 0; done < report.findings().size() + TRIES; done++) {
            int fixable = indexOfFixable(report.findings());
            if (fixable < 0) {
                break;
            }
            unfold(report);
            hands.press("finding-" + fixable + "-fix");
            report = checked(report.at());
        }
        if (report.blocked()) {
            throw new Stuck("The preflight forbids the start: "
                    + report.findings().stream()
                            .filter(finding -> finding.severity() == Severity.BLOCKER)
                            .map(Finding::title)
                            .collect(Collectors.joining("; ")));
        }
        camera.album("fixed");
    }

    private static int indexOfFixable(List<Finding> findings) {
        return findings.stream()
                .filter(Finding::fixable)
                .findFirst()
                .map(findings::indexOf)
                .orElse(-1);
    }

    /// Blockers are unfolded by themselves.
    private void unfold(PreflightReport report) throws Stuck, InterruptedException, StoppedException {
        for (int i = 0; i < report.findings().size(); i++) {
            var finding = report.findings().get(i);
            if (finding.fixable() && !hands.isShown("finding-" + i + "-fix")) {
                hands.press("finding-head-" + i);
            }
        }
    }

    private void copy() throws Stuck, IOException, InterruptedException, StoppedException {
        step("Scope looked at", () -> {
            hands.press("next");
            eyes.ready("primary", SOON);
            camera.album("snapshot");
        });
        step("Schema and rows copied, stream begun", () -> {
            hands.press("primary");
            var migration = eyes.migration();
            eyes.await(
                    "rows being copied",
                    LATER,
                    state -> isUnderWay(state, migration.copy().get()));
            camera.album("copying");
            eyes.await("the stream", script.copyLimit(), state -> state.stage() == Stage.STREAMING && !state.busy());
            camera.album("copied");
        });
    }

    private static boolean isUnderWay(MigrationState state, CopyProgress copy) {
        return state.stage().isStreaming()
                || state.stage() == Stage.INDEXING
                || (state.stage() == Stage.COPYING && copy.fraction() > 0.2);
    }

    private void replicate() throws Stuck, IOException, InterruptedException, StoppedException {
        step("Target caught up", () -> {
            hands.press("next");
            var migration = eyes.migration();
            camera.shoot("replicate-begun");
            eyes.await(
                    "the target to catch up", LATER, _ -> migration.lag().get().caughtUpIn() instanceof Eta.Done);
            eyes.await(
                    "the row counts",
                    LATER,
                    _ -> !migration.counts().get().tables().isEmpty());
            eyes.await("the chart", LATER, _ -> migration.lagHistory().added() >= SAMPLES);
            camera.album("replicate");
            hands.press("below-2");
            camera.shoot("replicate-writers");
            hands.press("below-1");
            hands.press("status-sql");
            camera.album("sql");
            hands.press("status-sql");
        });
    }

    /// Keys that change faster than two looks at them can stay unsettled, so it may take more than one comparison.
    private void verify(Side owner, String picture) throws Stuck, IOException, InterruptedException, StoppedException {
        hands.press("step-verify");
        var report = compare(owner);
        for (int tries = 1; !report.passed() && report.differences() == 0 && tries < TRIES; tries++) {
            report = compare(owner);
        }
        if (!report.passed()) {
            throw new Stuck("The sides are not equal: " + unequal(report));
        }
        hands.chooseFirstRow();
        camera.album(picture);
    }

    private VerifyReport compare(Side owner) throws Stuck, InterruptedException, StoppedException {
        var before = eyes.state().flatMap(MigrationState::verification).map(VerifyReport::startedAt);
        hands.press("primary", LATER);
        var report = eyes.await(
                        "the comparison",
                        LATER,
                        state -> !state.busy()
                                && state.verification()
                                        .filter(VerifyReport::finished)
                                        .filter(now -> before.isEmpty()
                                                || now.startedAt().isAfter(before.get()))
                                        .isPresent())
                .verification()
                .orElseThrow();
        if (report.owner() != owner) {
            throw new Stuck("The comparison took the " + report.owner().word() + " for the truth");
        }
        return report;
    }

    private static String unequal(VerifyReport report) {
        return report.tables().stream()
                .filter(table -> table.verdict() != TableVerdict.Verdict.EQUAL)
                .map(table -> table.table().display() + " " + table.verdict() + " (" + table.differences() + " differ, "
                        + table.unsettled() + " unsettled) " + table.note())
                .collect(Collectors.joining("; "));
    }

    /// With nobody writing, no key may be left unsettled.
    private void prove() throws Stuck, IOException, InterruptedException, StoppedException {
        script.stopWriting().stop();
        hands.press("step-verify");
        var report = compare(Side.TARGET);
        for (int tries = 1; !report.proved() && report.differences() == 0 && tries < TRIES; tries++) {
            report = compare(Side.TARGET);
        }
        camera.album("proved");
        if (!report.proved()) {
            throw new Stuck("Not every row is proved equal: " + unequal(report));
        }
        proved = true;
    }

    private void retire() throws Stuck, IOException, InterruptedException, StoppedException {
        hands.press("step-retire");
        eyes.ready("retire-confirm", SOON);
        camera.album("retire");
        hands.press("retire-confirm");
        hands.press("primary");
        var end = eyes.await("the end", LATER, state -> state.stage() == Stage.FINISHED && !state.busy());
        camera.album("finished");
        hands.press("rail-settings");
        camera.album("settings");
        if (!end.leftovers().isEmpty()) {
            throw new Stuck("Left behind: " + String.join("; ", end.leftovers()));
        }
    }

    private void failurePicture() throws InterruptedException {
        try {
            camera.shoot("failed");
        } catch (Stuck | IOException e) {
            tell.accept("      no picture of the failure: " + e.getMessage());
        }
    }

    private void step(String name, Act act) throws Stuck, IOException, InterruptedException, StoppedException {
        long start = System.nanoTime();
        steps++;
        boolean done = false;
        try {
            act.run();
            done = true;
        } finally {
            double seconds = (System.nanoTime() - start) / 1e9;
            tell.accept(
                    String.format(Locale.ROOT, "%4d  %-44s %7.1f s%s", steps, name, seconds, done ? "" : "  not done"));
        }
    }

    /// One step.
    @FunctionalInterface
    private interface Act {
        void run() throws Stuck, IOException, InterruptedException, StoppedException;
    }
}
