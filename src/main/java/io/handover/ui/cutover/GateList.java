package io.handover.ui.cutover;

import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.ui.control.Card;
import io.handover.ui.control.Pill;
import io.handover.ui.control.Texts;
import io.handover.ui.cutover.CutoverViewModel.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.layout.VBox;

/// The conditions of the cutover, each with what was measured, what to do while it does not hold, and the override
/// where one is possible or given.
final class GateList {

    private final CutoverViewModel model;
    private final Texts texts;
    private final VBox list = new VBox();
    private final Map<String, GateRow> rows = new HashMap<>();
    private final Card card;

    GateList(CutoverViewModel model, Texts texts) {
        this.model = model;
        this.texts = texts;
        list.setId("gates");
        list.getStyleClass().add("gates");
        card = new Card(
                model.phase().map(phase -> texts.get(phase == Phase.WINDOW ? "cutover.gates.back" : "cutover.gates")),
                new Node[] {new Pill("gates-state", model.gatesWord(), model.gatesTone())},
                list);
        model.gates().subscribe(this::show);
    }

    Node node() {
        return card;
    }

    private void show(GatesView view) {
        var wanted = new ArrayList<Node>();
        for (GateReading gate : view.gates()) {
            GateRow row = rows.computeIfAbsent(gate.id(), id -> new GateRow(id, model, texts));
            row.show(gate, view.overrideOf(gate));
            wanted.add(row);
        }
        if (!List.copyOf(list.getChildren()).equals(wanted)) { // taking a row out would take the focus from its field
            list.getChildren().setAll(wanted);
        }
    }
}
