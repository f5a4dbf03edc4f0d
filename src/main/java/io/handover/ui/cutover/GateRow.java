package io.handover.ui.cutover;

import io.handover.model.GateOverride;
import io.handover.model.GateReading;
import io.handover.model.Overriding;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// One gate: how it reads, what to do while it is closed, and whether one can go on all the same. Stays the same
/// control while the gate is read again and again, so that a reason can be typed in peace.
final class GateRow extends HBox {

    private final CutoverViewModel model;
    private final Texts texts;
    private final String id;
    private final Label icon = new Label();
    private final Label title = new Label();
    private final Label detail = wrapped("quiet", "small");
    private final Label remedy = wrapped("gate-remedy");
    private final Label risk = wrapped("quiet", "small");
    private final Label decision = wrapped("gate-decision");
    private final Hyperlink override;
    private final Hyperlink withdraw;
    private final TextField reason = new TextField();
    private final Button go;
    private final VBox form;

    GateRow(String id, CutoverViewModel model, Texts texts) {
        this.id = id;
        this.model = model;
        this.texts = texts;
        icon.getStyleClass().add("gate-icon");
        icon.setMinWidth(USE_PREF_SIZE);
        title.getStyleClass().add("gate-title");
        title.setMinWidth(0);
        override = link("override-" + id, "cutover.override", () -> ask(true));
        withdraw = link("withdraw-" + id, "cutover.override.withdraw", () -> model.withdraw(id));
        go = new Button(texts.get("cutover.override.go"));
        form = form();
        var words = new VBox(title, detail, remedy, risk, decision, override, form, withdraw);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        getChildren().addAll(icon, words);
        setId("gate-" + id);
        getStyleClass().add("gate");
        setAlignment(Pos.TOP_LEFT);
        setAccessibleRole(AccessibleRole.TEXT);
        show(form, false);
    }

    /// Shows a newer reading.
    void show(GateReading gate, Optional<GateOverride> given) {
        var tone = gate.open() ? Tone.GOOD : given.isPresent() ? Tone.WARN : Tone.BAD;
        icon.setGraphic(tone.picture());
        tone.paint(this);
        title.setText(gate.title());
        detail.setText(gate.detail());
        boolean blocks = !gate.open() && given.isEmpty();
        say(remedy, blocks ? gate.remedy() : "");
        say(decision, given.map(model.words()::decision).orElse(""));
        boolean possible = blocks && gate.overriding() instanceof Overriding.Possible;
        say(risk, blocks ? risk(gate.overriding()) : "");
        show(form, possible && form.isVisible());
        show(override, possible && !form.isVisible());
        show(withdraw, given.isPresent());
        setAccessibleText(texts.get(
                gate.open()
                        ? "cutover.gate.open"
                        : given.isPresent() ? "cutover.gate.overridden" : "cutover.gate.closed",
                gate.title(),
                gate.detail()));
    }

    private String risk(Overriding overriding) {
        return switch (overriding) {
            case Overriding.Never(String why) -> why.isEmpty() ? "" : texts.get("cutover.override.never", why);
            case Overriding.Possible(String cost, String _) -> texts.get("cutover.override.cost", cost);
        };
    }

    private VBox form() {
        reason.setId("override-reason-" + id);
        reason.setPrefColumnCount(30);
        reason.setMinWidth(120);
        var label = new Label(texts.get("cutover.override.reason"));
        label.setLabelFor(reason);
        reason.setAccessibleText(label.getText());
        go.setId("override-go-" + id);
        go.setMinWidth(USE_PREF_SIZE);
        go.disableProperty().bind(reason.textProperty().map(String::isBlank));
        go.setOnAction(_ -> {
            if (model.override(id, reason.getText())) { // if not, the refusal shows above the page
                reason.clear();
                ask(false);
            }
        });
        var cancel = link("override-cancel-" + id, "cutover.override.cancel", () -> ask(false));
        var acts = new FlowPane(8, 4, reason, go, cancel);
        acts.setRowValignment(javafx.geometry.VPos.CENTER);
        var all = new VBox(4, label, acts);
        all.getStyleClass().add("gate-override");
        return all;
    }

    private void ask(boolean asking) {
        show(form, asking);
        show(override, !asking);
        if (asking) {
            reason.requestFocus();
        }
    }

    private Hyperlink link(String name, String key, Runnable act) {
        var link = new Hyperlink(texts.get(key));
        link.setId(name);
        link.setOnAction(_ -> {
            link.setVisited(false);
            act.run();
        });
        return link;
    }

    private static Label wrapped(String... classes) {
        var label = new Label();
        label.getStyleClass().addAll(classes);
        label.setWrapText(true);
        label.setMinHeight(USE_PREF_SIZE);
        return label;
    }

    private static void say(Label label, String text) {
        label.setText(text);
        show(label, !text.isEmpty());
    }

    private static void show(javafx.scene.Node part, boolean visible) {
        part.setVisible(visible);
        part.setManaged(visible);
    }
}
