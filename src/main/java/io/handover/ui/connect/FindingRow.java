package io.handover.ui.connect;

import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.ui.control.Chip;
import io.handover.ui.control.CodeBlock;
import io.handover.ui.control.SeverityIcon;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// One finding: severity, what, where; unfolded, why it matters and the SQL that helps.
final class FindingRow extends VBox {

    private final Finding finding;
    private final Texts texts;
    private final Consumer<Finding> fix;
    private final ObservableValue<Boolean> busy;
    private Optional<Node> body = Optional.empty();

    FindingRow(int index, Finding finding, Texts texts, Consumer<Finding> fix, ObservableValue<Boolean> busy) {
        this.finding = finding;
        this.texts = texts;
        this.fix = fix;
        this.busy = busy;
        getStyleClass().add("finding");
        setId("finding-" + index);
        var title = new Label(finding.title());
        title.getStyleClass().add("finding-title");
        title.setWrapText(true);
        title.setMinWidth(0);
        HBox.setHgrow(title, Priority.ALWAYS);
        title.setMaxWidth(Double.MAX_VALUE);
        var side = new Chip(Tone.PLAIN, texts.of("connect.side", finding.side()));
        var arrow = new FontIcon(Feather.CHEVRON_DOWN);
        var line = new HBox(new SeverityIcon(texts, finding.severity()), title, side, arrow);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("finding-line");
        line.setMouseTransparent(true);
        // Beneath the words, not around them: a button does not grow with text that breaks into lines
        var head = new ToggleButton();
        head.setId("finding-head-" + index);
        head.getStyleClass().setAll("finding-head");
        head.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
        head.setMinSize(0, 0);
        head.setAccessibleText(texts.of("severity", finding.severity()) + ". " + finding.title());
        head.selectedProperty().subscribe(open -> {
            arrow.setIconCode(open ? Feather.CHEVRON_UP : Feather.CHEVRON_DOWN);
            unfold(open);
        });
        getChildren().addFirst(new StackPane(head, line));
        head.setSelected(finding.severity() == Severity.BLOCKER);
    }

    private void unfold(boolean open) {
        if (open && body.isEmpty()) {
            body = Optional.of(body());
            getChildren().add(body.get());
        }
        body.ifPresent(node -> {
            node.setVisible(open);
            node.setManaged(open);
        });
    }

    private Node body() {
        var why = new Label(finding.why());
        why.setWrapText(true);
        why.setMinHeight(Region.USE_PREF_SIZE);
        why.getStyleClass().add("finding-why");
        var box = new VBox(why);
        box.getStyleClass().add("finding-body");
        if (!finding.remedy().isEmpty()) {
            box.getChildren().add(new CodeBlock(texts, finding.remedy()));
        }
        if (finding.fixable()) {
            var button = new Button(texts.get("connect.fix"), new FontIcon(Feather.TOOL));
            button.setId(getId() + "-fix");
            button.disableProperty().bind(busy);
            button.setOnAction(_ -> fix.accept(finding));
            var note = new Label(texts.get("connect.fix.explain", texts.of("connect.side.low", finding.side())));
            note.getStyleClass().addAll("quiet", "small");
            note.setWrapText(true);
            var row = new HBox(button, note);
            row.setAlignment(Pos.CENTER_LEFT);
            row.getStyleClass().add("with-button");
            box.getChildren().add(row);
        }
        return box;
    }
}
