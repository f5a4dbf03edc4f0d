package io.handover.ui.cutover;

import io.handover.model.HookRun;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.VBox;

/// The user's commands that ran, with what they printed.
final class HooksView extends VBox {

    private final Texts texts;

    HooksView(Texts texts) {
        this.texts = texts;
        setId("hooks");
        getStyleClass().add("page-column");
    }

    void show(List<HookRun> runs) {
        getChildren().setAll(runs.stream().map(this::one).toList());
    }

    private Node one(HookRun run) {
        var tone = run.ok() ? Tone.GOOD : Tone.BAD;
        var title = new Label(
                texts.get(
                        "cutover.hook",
                        run.name(),
                        run.exit() < 0 ? texts.get("cutover.hook.none") : Integer.toString(run.exit()),
                        Format.duration(run.took())),
                tone.picture());
        title.getStyleClass().add("hook-title");
        tone.paint(title);
        var command = new Label(run.command());
        command.getStyleClass().addAll("mono", "small", "quiet");
        command.setMinWidth(0);
        var box = new VBox(title, command);
        box.getStyleClass().add("tight");
        if (!run.output().isBlank()) {
            var output = new TextArea(run.output().strip());
            output.setEditable(false);
            output.getStyleClass().addAll("mono", "small");
            output.setPrefRowCount(Math.clamp(run.output().lines().count(), 1, 6));
            output.setMinHeight(36);
            output.setAccessibleText(texts.get("cutover.hook.output", run.name()));
            box.getChildren().add(output);
        }
        return box;
    }
}
