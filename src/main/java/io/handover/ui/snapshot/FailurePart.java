package io.handover.ui.snapshot;

import io.handover.model.Command;
import io.handover.ui.control.Texts;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The two ways on from a failure: again, or give up. Giving up takes a second click, elsewhere than the first.
final class FailurePart extends VBox {

    private final SnapshotViewModel model;
    private final Button retry;
    private final Button discard;
    private final Label reason = new Label();
    private final VBox question;

    FailurePart(Texts texts, SnapshotViewModel model) {
        this.model = model;
        getStyleClass().add("snapshot-failure");
        retry = button("snapshot-retry", texts.get("snapshot.retry"), Feather.ROTATE_CW);
        retry.setOnAction(_ -> model.ask(new Command.Retry()));
        discard = button("snapshot-discard", texts.get("snapshot.discard"), Feather.TRASH_2);
        reason.setId("snapshot-failure-reason");
        reason.setWrapText(true);
        reason.setMinWidth(0);
        reason.getStyleClass().addAll("quiet", "small");
        HBox.setHgrow(reason, Priority.ALWAYS);
        var row = new HBox(retry, discard, reason);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("tools");
        question = question(texts);
        discard.setOnAction(_ -> ask(true));
        getChildren().addAll(row, question);
        ask(false);
        model.state().subscribe(this::judge);
    }

    private VBox question(Texts texts) {
        var title = new Label(texts.get("snapshot.discard.question"));
        title.getStyleClass().add("card-title");
        var text = new Label(texts.get("snapshot.discard.meaning"));
        for (Label label : new Label[] {title, text}) {
            label.setWrapText(true);
            label.setMinHeight(Region.USE_PREF_SIZE);
        }
        var sure = button("snapshot-discard-confirm", texts.get("snapshot.discard.confirm"), Feather.TRASH_2);
        sure.getStyleClass().add("danger");
        sure.setOnAction(_ -> {
            ask(false);
            model.ask(new Command.Discard());
        });
        var keep = button("snapshot-discard-keep", texts.get("snapshot.discard.keep"), Feather.X);
        keep.setOnAction(_ -> ask(false));
        var row = new HBox(keep, sure);
        row.getStyleClass().add("tools");
        var box = new VBox(title, text, row);
        box.setId("snapshot-discard-question");
        box.getStyleClass().add("ho-card");
        return box;
    }

    private void ask(boolean open) {
        question.setVisible(open);
        question.setManaged(open);
    }

    private void judge() {
        var again = model.refusal(new Command.Retry());
        var gone = model.refusal(new Command.Discard());
        retry.setDisable(again.isPresent());
        discard.setDisable(gone.isPresent());
        reason.setText(again.or(() -> gone).orElse(""));
        if (gone.isPresent()) {
            ask(false);
        }
    }

    private static Button button(String id, String text, Feather icon) {
        var button = new Button(text, new FontIcon(icon));
        button.setId(id);
        button.setMnemonicParsing(false);
        button.setMinWidth(USE_PREF_SIZE);
        return button;
    }
}
