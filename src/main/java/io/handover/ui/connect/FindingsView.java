package io.handover.ui.connect;

import io.handover.model.MigrationState;
import io.handover.model.PreflightReport;
import io.handover.model.Severity;
import io.handover.ui.control.Chip;
import io.handover.ui.control.EmptyState;
import io.handover.ui.control.Format;
import io.handover.ui.control.SeverityIcon;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/// What the preflight found, worst first, and what it found nothing wrong with.
final class FindingsView extends VBox {

    private final ConnectViewModel model;
    private final Texts texts;
    private final ZoneId zone;
    private final Node beside;
    private Optional<PreflightReport> shown = Optional.empty();

    /// @param beside stands to the right of the summary
    FindingsView(ConnectViewModel model, Texts texts, ZoneId zone, Node beside) {
        this.beside = beside;
        this.model = model;
        this.texts = texts;
        this.zone = zone;
        setId("findings");
        getStyleClass().add("findings");
        model.state().subscribe(state -> show(state.flatMap(MigrationState::preflight)));
    }

    private void show(Optional<PreflightReport> report) {
        if (report.equals(shown) && !getChildren().isEmpty()) {
            return;
        }
        shown = report;
        var words = report.map(this::summary).orElseGet(FlowPane::new);
        HBox.setHgrow(words, Priority.ALWAYS);
        var top = new HBox(words, beside);
        top.getStyleClass().add("with-button");
        getChildren().setAll(top);
        report.ifPresent(found -> {
            if (found.findings().isEmpty()) {
                getChildren()
                        .add(new EmptyState(
                                Feather.CHECK_CIRCLE,
                                texts.get("connect.allPassed"),
                                texts.get("connect.allPassed.text")));
            }
            var busy =
                    model.state().map(state -> state.map(MigrationState::busy).orElse(true));
            int index = 0;
            for (var finding : found.findings()) {
                getChildren().add(new FindingRow(index++, finding, texts, model::fix, busy));
            }
            if (!found.passed().isEmpty()) {
                getChildren().add(passed(found.passed()));
            }
        });
    }

    private FlowPane summary(PreflightReport report) {
        var title = new Label(texts.get("connect.preflight"));
        title.getStyleClass().add("card-title");
        var chips = new ArrayList<Node>(List.of(title));
        for (Severity severity : Severity.values()) {
            long count = report.count(severity);
            if (count > 0) {
                chips.add(new Chip(
                        SeverityIcon.tone(severity),
                        SeverityIcon.tone(severity).icon(),
                        texts.count("connect." + severity.name().toLowerCase(java.util.Locale.ROOT), count)));
            }
        }
        chips.add(new Chip(
                Tone.GOOD,
                Tone.GOOD.icon(),
                texts.count("connect.passed", report.passed().size())));
        var at = new Label(texts.get("connect.checkedAt", Format.clock(report.at(), zone)));
        at.getStyleClass().addAll("quiet", "small");
        chips.add(at);
        var row = new FlowPane(chips.toArray(Node[]::new));
        row.setId("preflight-summary");
        row.getStyleClass().add("facts");
        row.setAlignment(Pos.CENTER_LEFT);
        row.setMinWidth(0);
        // An HBox reckons heights for the widths its parts ask for, not for those it gives them
        row.setPrefWrapLength(540);
        row.setMinHeight(0);
        return row;
    }

    private Node passed(List<String> names) {
        var list = new FlowPane();
        list.getStyleClass().add("facts");
        list.setMinHeight(0);
        for (String name : names) {
            var chip = new Chip(Tone.GOOD, Feather.CHECK, name);
            chip.setMnemonicParsing(false);
            list.getChildren().add(chip);
        }
        var pane = new TitledPane(texts.count("connect.passed", names.size()), list);
        pane.setId("passed");
        pane.setExpanded(false);
        pane.setAnimated(false);
        pane.setMinHeight(Region.USE_PREF_SIZE);
        return pane;
    }
}
