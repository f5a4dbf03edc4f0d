package io.handover.ui.snapshot;

import io.handover.model.Waves;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// In how many waves the tables move: by number, by size, or chosen by hand in the tree; and which they
/// are.
final class WavesPart extends VBox {

    private static final int MOST_GIGABYTES = 999_999;

    /// More are told apart by their numbers only.
    private static final int SHOWN = 6;

    private final Texts texts;
    private final SnapshotViewModel model;
    private final Label list = new Label();

    /// @param tree in which rows are selected
    WavesPart(Texts texts, SnapshotViewModel model, ScopeTree tree) {
        this.texts = texts;
        this.model = model;
        getStyleClass().add("tight");
        list.setId("snapshot-waves-list");
        list.getStyleClass().addAll("quiet", "small");
        list.setWrapText(true);
        list.setMinHeight(Region.USE_PREF_SIZE);
        list.visibleProperty().bind(model.waves().map(waves -> waves.size() > 1));
        list.managedProperty().bind(list.visibleProperty());
        getChildren().addAll(row(tree), list);
        model.waves().subscribe(this::show);
    }

    private HBox row(ScopeTree tree) {
        var name = new Label(texts.get("snapshot.waves"));
        name.setMinWidth(Region.USE_PREF_SIZE);
        name.setTooltip(new Tooltip(texts.get("snapshot.waves.why")));
        var number = new NumberSpinner(
                "snapshot-waves-number", model.draft().waveNumber(), Waves.MOST, texts.get("snapshot.waves.number"));
        var size = new NumberSpinner(
                "snapshot-waves-size", model.draft().waveGigabytes(), MOST_GIGABYTES, texts.get("snapshot.waves.size"));
        size.visibleProperty().bind(model.draft().wavesBySize());
        number.visibleProperty().bind(model.draft().wavesBySize().map(bySize -> !bySize));
        for (NumberSpinner spinner : List.of(number, size)) {
            spinner.managedProperty().bind(spinner.visibleProperty());
        }
        var by = new Choice<>(
                "snapshot-waves-by",
                List.of(false, true),
                bySize -> texts.get(bySize ? "snapshot.waves.bySize" : "snapshot.waves.byNumber"),
                model.draft().wavesBySize());
        var own = link("snapshot-waves-own", "snapshot.waves.own");
        own.setOnAction(_ -> {
            own.setVisited(false);
            model.draft().makeWave(tree.selected());
        });
        var forget = link("snapshot-waves-forget", "snapshot.waves.forget");
        forget.visibleProperty().bind(model.draft().namedWaves().map(named -> !named.isEmpty()));
        forget.managedProperty().bind(forget.visibleProperty());
        forget.setOnAction(_ -> {
            forget.setVisited(false);
            model.draft().namedWaves().set(List.of());
        });
        var row = new HBox(name, number, size, by, own, forget);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("snapshot-options");
        return row;
    }

    private Hyperlink link(String id, String key) {
        var link = new Hyperlink(texts.get(key));
        link.setId(id);
        link.setMinWidth(Region.USE_PREF_SIZE);
        link.setTooltip(new Tooltip(texts.get(key + ".why")));
        return link;
    }

    private void show() {
        List<Waves.Wave> waves = model.waves().get();
        var lines = new ArrayList<String>();
        for (int i = 0; i < Math.min(SHOWN, waves.size()); i++) {
            Waves.Wave wave = waves.get(i);
            var names = wave.tables().stream()
                    .limit(3)
                    .map(table -> table.table().display())
                    .toList();
            lines.add(texts.get(
                    "snapshot.waves.line",
                    i + 1,
                    Format.count(wave.tables().size()),
                    Format.bytes((double) wave.bytes()),
                    String.join(", ", names) + (wave.tables().size() > names.size() ? ", …" : "")));
        }
        if (waves.size() > SHOWN) {
            lines.add(texts.get("snapshot.waves.more", waves.size() - SHOWN));
        }
        list.setText(String.join("\n", lines));
    }
}
