package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.GateOverride;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Overriding;
import io.handover.model.Side;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// Gates that are closed, and who may pass them.
class CutoverOverrideTest extends CutoverPageFixture {

    @Start
    void start(javafx.stage.Stage stage) {
        show(stage);
    }

    @Test
    void aGateThatCostsNoRowIsOverriddenWithAReason(FxRobot robot) throws Exception {
        schemaGate(2, List.of());
        type(robot, "orders");
        assertEquals("2 gates are closed", primary().refusal().orElseThrow());
        assertFalse(visible(robot, "#override-lag"), "that one would lose rows");
        frame.pictures(robot, "cutover-overridable");

        robot.interact(() ->
                robot.lookup("#override-same-schema").queryAs(Hyperlink.class).fire());
        var go = robot.lookup("#override-go-same-schema").queryButton();
        assertTrue(go.isDisabled(), "not without a reason");
        fill(robot, "#override-reason-same-schema", "made on the target at night");
        var field = robot.lookup("#override-reason-same-schema").queryAs(TextField.class);
        robot.interact(field::requestFocus);
        schemaGate(3, List.of());
        assertTrue(field.isFocused(), "a new reading does not take the focus");
        assertEquals("made on the target at night", field.getText());
        frame.pictures(robot, "cutover-override-form");

        robot.interact(go::fire);
        assertEquals(
                List.of(new Command.OverrideGate("same-schema", "made on the target at night")), migration.asked());
    }

    @Test
    void anOverrideSaysByWhomAndCanBeWithdrawn(FxRobot robot) throws Exception {
        schemaGate(2, List.of(override(Samples.LONG_NAME + ", agreed with the owner of the application")));
        assertEquals("1 gate is closed", primary().refusal().orElseThrow(), "the other one still is");
        String decision = robot.lookup(".gate-decision").queryAllAs(Label.class).stream()
                .map(Label::getText)
                .reduce("", String::concat);
        assertTrue(decision.contains("ann@desk-4") && decision.contains(Samples.LONG_NAME), decision);
        assertFalse(visible(robot, "#override-same-schema"));
        frame.pictures(robot, "cutover-overridden");

        robot.interact(() ->
                robot.lookup("#withdraw-same-schema").queryAs(Hyperlink.class).fire());
        assertEquals(List.of(new Command.WithdrawOverride("same-schema")), migration.asked());
    }

    @Test
    void withEveryClosedGateOverriddenTheWayIsOpenAndSaysSo(FxRobot robot) {
        schemaGate(0, List.of(override("because")));
        type(robot, "orders");
        assertEquals(Optional.empty(), primary().refusal());
        assertEquals(
                "1 gate overridden", robot.lookup("#gates-state").queryLabeled().getText());
    }

    private static boolean visible(FxRobot robot, String id) {
        return robot.lookup(id).query().isVisible();
    }

    /// @param behind seconds; 0 opens that gate
    private void schemaGate(int behind, List<GateOverride> overrides) {
        var lag = behind == 0
                ? new GateReading("lag", true, "The target keeps up", "0.1 s behind", "")
                : new GateReading(
                        "lag",
                        false,
                        "The target keeps up",
                        behind + "0 s behind",
                        "Wait until it has caught up; the Replicate page shows when.",
                        new Overriding.Never("Rows that have not arrived would be missing."));
        var schema = new GateReading(
                "same-schema",
                false,
                "The target has the same schema",
                "2 differences: index public." + Samples.LONG_NAME + ", trigger public.orders.audit",
                "The Verify page shows both definitions: make them the same, then verify again.",
                new Overriding.Possible("No row is lost, but the application finds this missing.", "a1"));
        migration.gates().set(new GatesView(NOON, List.of(lag, schema), Duration.ofMillis(84)).under(overrides));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static GateOverride override(String reason) {
        return new GateOverride(
                Side.SOURCE,
                "same-schema",
                "The target has the same schema",
                "2 differences",
                "No row",
                "a1",
                reason,
                "ann@desk-4",
                NOON,
                Optional.empty(),
                "");
    }
}
