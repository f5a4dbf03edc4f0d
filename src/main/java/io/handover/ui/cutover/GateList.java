package io.handover.ui.cutover;

import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.ui.control.Card;
import io.handover.ui.control.Pill;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The conditions of the cutover, each with what was measured and, while it does not hold, what to do.
final class GateList {

    private final VBox list = new VBox();
    private final Card card;

    GateList(CutoverViewModel model, Texts texts) {
        list.setId("gates");
        list.getStyleClass().add("gates");
        card = new Card(
                texts.get("cutover.gates"),
                new Node[] {new Pill("gates-state", model.gatesWord(), model.gatesTone())},
                list);
        model.gates().subscribe(this::show);
    }

    Node node() {
        return card;
    }

    private void show(GatesView view) {
        list.getChildren().setAll(view.gates().stream().map(GateList::row).toList());
    }

    private static Node row(GateReading gate) {
        var tone = gate.open() ? Tone.GOOD : Tone.BAD;
        var icon = new Label("", tone.picture());
        icon.getStyleClass().add("gate-icon");
        icon.setMinWidth(Label.USE_PREF_SIZE);
        var title = new Label(gate.title());
        title.getStyleClass().add("gate-title");
        title.setMinWidth(0);
        var detail = new Label(gate.detail());
        detail.getStyleClass().addAll("quiet", "small");
        detail.setWrapText(true);
        detail.setMinHeight(Label.USE_PREF_SIZE);
        var words = new VBox(title, detail);
        if (!gate.open() && !gate.remedy().isEmpty()) {
            var remedy = new Label(gate.remedy());
            remedy.getStyleClass().add("gate-remedy");
            remedy.setWrapText(true);
            remedy.setMinHeight(Label.USE_PREF_SIZE);
            words.getChildren().add(remedy);
        }
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        var row = new HBox(icon, words);
        row.setId("gate-" + gate.id());
        row.getStyleClass().add("gate");
        row.setAlignment(Pos.TOP_LEFT);
        row.setAccessibleRole(AccessibleRole.TEXT);
        row.setAccessibleText((gate.open() ? "open: " : "closed: ") + gate.title() + ". " + gate.detail());
        tone.paint(row);
        return row;
    }
}
