package io.handover.ui.snapshot;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Texts;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Where the archive lies, and how it is written; there while rows are to go through one.
final class ArchivePart extends HBox {

    ArchivePart(Texts texts, SnapshotViewModel model) {
        setAlignment(Pos.CENTER_LEFT);
        getStyleClass().add("snapshot-options");
        visibleProperty().bind(model.draft().method().map(way -> way == CopyMethod.ARCHIVE));
        managedProperty().bind(visibleProperty());
        var folder = new TextField();
        folder.setId("snapshot-archive-folder");
        folder.setPromptText(texts.get("snapshot.archive.temporary"));
        folder.setPrefColumnCount(14);
        folder.setMinWidth(90);
        folder.textProperty().bindBidirectional(model.draft().folder());
        HBox.setHgrow(folder, Priority.SOMETIMES);
        var choose = new Button("", new FontIcon(Feather.FOLDER));
        choose.setId("snapshot-archive-choose");
        choose.getStyleClass().addAll("flat", "button-icon");
        choose.setAccessibleText(texts.get("snapshot.archive.choose"));
        choose.setTooltip(new Tooltip(texts.get("snapshot.archive.choose")));
        choose.setOnAction(_ -> model.chooseFolder());
        var format = new Choice<>(
                "snapshot-archive-format",
                List.of(Archive.Format.values()),
                one -> texts.get("snapshot.archive." + one),
                model.draft().format());
        var compression = new TextField();
        compression.setId("snapshot-archive-compression");
        compression.setPrefColumnCount(4);
        compression.setMinWidth(USE_PREF_SIZE);
        compression.setTooltip(new Tooltip(texts.get("snapshot.archive.compression.why")));
        compression.textProperty().bindBidirectional(model.draft().compression());
        getChildren()
                .addAll(
                        name(texts.get("snapshot.archive.folder"), folder),
                        folder,
                        choose,
                        format,
                        name(texts.get("snapshot.archive.compression"), compression),
                        compression);
    }

    private static Label name(String text, TextField of) {
        var name = new Label(text);
        name.setLabelFor(of);
        name.setMinWidth(USE_PREF_SIZE);
        of.setAccessibleText(text);
        return name;
    }
}
