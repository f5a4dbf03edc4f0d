package io.handover.ui.connect;

import io.handover.model.Reach;
import io.handover.model.Side;
import io.handover.ui.control.Field;
import io.handover.ui.control.Texts;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// How the two servers reach each other, where that is not how this computer reaches them: behind a tunnel, in
/// containers, by private addresses.
final class ReachPane extends TitledPane {

    private final Texts texts;

    ReachPane(ConnectViewModel model, Texts texts) {
        this.texts = texts;
        setId("reach");
        setText(texts.get("connect.reach"));
        setAnimated(false);
        setExpanded(false);
        setMinHeight(USE_PREF_SIZE);
        var words = new Label(texts.get("connect.reach.explain"));
        words.setWrapText(true);
        words.getStyleClass().add("quiet");
        var row = new HBox(part(Side.SOURCE, model.reach(Side.SOURCE)), part(Side.TARGET, model.reach(Side.TARGET)));
        row.getStyleClass().add("endpoint-row");
        var box = new VBox(words, row);
        box.getStyleClass().add("finding-body");
        setContent(box);
    }

    private HBox part(Side side, ObjectProperty<Reach> reach) {
        var host = new TextField();
        host.setId(side.word() + "-reach-host");
        host.setPromptText(texts.get("connect.reach.same"));
        var port = new TextField();
        port.setId(side.word() + "-reach-port");
        port.setPromptText(texts.get("connect.reach.same"));
        var wrong = new SimpleStringProperty("");
        reach.subscribe(now -> {
            if (!now.host().equals(host.getText().strip())) {
                host.setText(now.host());
            }
            if (now.port() != number(port.getText())) {
                port.setText(now.port() == 0 ? "" : Integer.toString(now.port()));
            }
        });
        Runnable read = () -> {
            int number = number(port.getText());
            wrong.set(number < 0 ? texts.get("connect.wrong.port") : "");
            reach.set(new Reach(host.getText().strip(), Math.max(0, number)));
        };
        host.textProperty().addListener((_, _, _) -> read.run());
        port.textProperty().addListener((_, _, _) -> read.run());
        var hostField = new Field(texts.of("connect.reach", side), host);
        HBox.setHgrow(hostField, Priority.ALWAYS);
        var portField = new Field(texts.get("connect.port"), port, wrong);
        portField.setPrefWidth(100);
        var row = new HBox(hostField, portField);
        row.getStyleClass().add("form-row");
        row.setPrefWidth(100);
        HBox.setHgrow(row, Priority.ALWAYS);
        return row;
    }

    /// 0 for nothing, -1 for what is no port.
    private static int number(String text) {
        if (text.isBlank()) {
            return 0;
        }
        try {
            int port = Integer.parseInt(text.strip());
            return port >= 1 && port <= 65_535 ? port : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
