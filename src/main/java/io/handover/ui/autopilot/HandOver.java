package io.handover.ui.autopilot;

import io.handover.flow.StoppedException;
import io.handover.model.CutoverReport;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import java.io.IOException;
import java.util.function.Consumer;

/// What the autopilot does on the page Cut over: the options, there, and back. The autopilot's thread.
final class HandOver {

    private final Hands hands;
    private final Eyes eyes;
    private final Camera camera;
    private final Script script;
    private final Consumer<String> tell;

    HandOver(Hands hands, Eyes eyes, Camera camera, Script script, Consumer<String> tell) {
        this.hands = hands;
        this.eyes = eyes;
        this.camera = camera;
        this.script = script;
        this.tell = tell;
    }

    /// Types the hook into the options and saves them.
    void options() throws Stuck, IOException, InterruptedException, StoppedException {
        hands.press("step-cutover");
        eyes.ready("options-edit", Autopilot.SOON);
        camera.album("cutover");
        hands.press("options-edit");
        hands.type("hook-switch", script.switchHook());
        camera.album("cutover-options");
        hands.press("cutover-save");
        eyes.await(
                "the saved options",
                Autopilot.SOON,
                state -> state.plan().hooks().switchOver().equals(script.switchHook()));
    }

    /// To the target.
    void cutOver(String picture) throws Stuck, IOException, InterruptedException, StoppedException {
        hands.press("step-cutover");
        gatesOpen();
        int before = eyes.state().map(now -> now.cutovers().size()).orElse(0);
        String database =
                eyes.state().map(now -> now.plan().target().database()).orElse("");
        hands.type("cutover-confirm", database);
        eyes.ready("primary", Autopilot.SOON);
        hands.press("primary");
        handedOver(before, Stage.REVERSE_OPEN, Side.TARGET);
        camera.album(picture);
        tell.accept("      " + lastPause());
    }

    /// Back to the source.
    void rollBack() throws Stuck, IOException, InterruptedException, StoppedException {
        hands.press("step-cutover");
        gatesOpen();
        camera.shoot("window");
        int before = eyes.state().map(now -> now.cutovers().size()).orElse(0);
        String database =
                eyes.state().map(now -> now.plan().source().database()).orElse("");
        hands.type("rollback-confirm", database);
        hands.press("rollback-go");
        hands.until(
                Autopilot.SOON,
                () -> eyes.state()
                        .filter(now -> now.stage().isCutover() || now.cutovers().size() > before)
                        .isPresent());
        camera.shoot("rolling-back");
        handedOver(before, Stage.STREAMING, Side.SOURCE);
        camera.album("rolled-back");
        tell.accept("      " + lastPause());
    }

    private void gatesOpen() throws Stuck, InterruptedException, StoppedException {
        var migration = eyes.migration();
        eyes.await(
                "all gates to be open",
                Autopilot.LATER,
                _ -> migration.gates().get().allOpen());
    }

    private void handedOver(int before, Stage stage, Side owner) throws Stuck, InterruptedException, StoppedException {
        var after = eyes.await(
                "the handover",
                Autopilot.LATER,
                state -> !state.busy()
                        && state.cutovers().size() > before
                        && (state.stage() == stage
                                || state.lastCutover()
                                        .filter(report -> report.outcome() == CutoverReport.Outcome.UNDONE)
                                        .isPresent()));
        var last = after.cutovers().getLast();
        if (last.outcome() != CutoverReport.Outcome.DONE || after.owner() != owner) {
            throw new Stuck("The handover ended as " + last.outcome() + ". "
                    + last.problem().map(Eyes::words).orElse("") + String.join(" ", last.notes()));
        }
    }

    private String lastPause() throws Stuck, InterruptedException {
        return eyes.state()
                .flatMap(MigrationState::lastCutover)
                .flatMap(CutoverReport::writePause)
                .map(pause -> "writes paused for " + pause.toMillis() + " ms, by the servers' clocks")
                .orElse("no write pause was measured");
    }
}
