package io.handover.ui.snapshot;

import atlantafx.base.controls.CustomTextField;
import io.handover.model.CopyMethod;
import io.handover.model.Plan;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What moves, and how: the tree with its boxes, the search, the options.
final class ChoosePart extends VBox {

    private final Texts texts;
    private final SnapshotViewModel model;
    private final ScopeTree tree;
    private final CustomTextField search = new CustomTextField();
    private final Label totals = new Label();
    private final VBox options;

    ChoosePart(Texts texts, SnapshotViewModel model) {
        this.texts = texts;
        this.model = model;
        tree = new ScopeTree(texts, model);
        getStyleClass().add("ho-card");
        search.setId("snapshot-search");
        search.setPromptText(texts.get("snapshot.search"));
        search.setAccessibleText(texts.get("snapshot.search"));
        search.setLeft(new FontIcon(Feather.SEARCH));
        search.setPrefColumnCount(16);
        search.setMinWidth(USE_PREF_SIZE); // or its prompt is cut off
        totals.setId("snapshot-totals");
        totals.getStyleClass().add("snapshot-totals");
        totals.setMinWidth(0);
        totals.setWrapText(true);
        totals.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(totals, Priority.ALWAYS);
        var again = new Button("", new FontIcon(Feather.REFRESH_CW));
        again.setId("snapshot-reload");
        again.getStyleClass().addAll("flat", "button-icon");
        again.setAccessibleText(texts.get("snapshot.reload"));
        again.setTooltip(new Tooltip(texts.get("snapshot.reload")));
        again.disableProperty().bind(model.tables().loading());
        again.setOnAction(_ -> model.tables().read());
        var tools = new HBox(totals, search, again);
        tools.setAlignment(Pos.CENTER_LEFT);
        tools.getStyleClass().add("tools");
        tree.view().setMinHeight(150);
        tree.view().setPrefHeight(260);
        VBox.setVgrow(tree.view(), Priority.ALWAYS);
        options = options();
        getChildren().addAll(tools, tree.view(), options);
        model.tables().all().subscribe(this::fill);
        model.tables().loading().subscribe(this::fill);
        search.textProperty().subscribe(this::fill);
        model.draft().scope().subscribe(this::sum);
        model.state().subscribe(() -> lock(model.unchangeable()));
    }

    private VBox options() {
        var way = new Label(texts.get("snapshot.method"));
        way.setMinWidth(Region.USE_PREF_SIZE);
        var method = new Choice<>(
                "snapshot-method",
                List.of(CopyMethod.values()),
                one -> texts.get("snapshot.method." + one),
                model.draft().method());
        var why = new Label();
        why.setId("snapshot-method-why");
        why.getStyleClass().addAll("quiet", "small");
        why.setWrapText(true);
        why.setMinHeight(Region.USE_PREF_SIZE);
        why.textProperty().bind(model.draft().method().map(one -> texts.get("snapshot.method." + one + ".why")));
        var ways = new HBox(way, method);
        ways.setAlignment(Pos.CENTER_LEFT);
        ways.getStyleClass().add("snapshot-options");
        var ask = new Hyperlink(texts.get("snapshot.forecast"));
        ask.setId("snapshot-forecast-ask");
        ask.setMinWidth(Region.USE_PREF_SIZE);
        ask.setOnAction(_ -> {
            ask.setVisited(false);
            model.askForecast();
        });
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        ways.getChildren().addAll(room, ask);
        var forecast = new Label();
        forecast.setId("snapshot-forecast");
        forecast.setWrapText(true);
        forecast.setMinHeight(Region.USE_PREF_SIZE);
        forecast.textProperty().bind(model.forecast().map(text -> text.orElse("")));
        forecast.visibleProperty().bind(model.forecast().map(Optional::isPresent));
        forecast.managedProperty().bind(forecast.visibleProperty());
        var all = new VBox(
                ways, why, forecast, new ArchivePart(texts, model), numbers(), new WavesPart(texts, model, tree));
        all.getStyleClass().add("tight");
        return all;
    }

    private HBox numbers() {
        var workers = new NumberSpinner(
                "snapshot-workers", model.draft().workers(), Plan.MOST_WORKERS, texts.get("snapshot.workers"));
        var name = new Label(texts.get("snapshot.workers"));
        name.setLabelFor(workers);
        name.setMinWidth(Region.USE_PREF_SIZE);
        name.setTooltip(new Tooltip(texts.get("snapshot.workers.why")));
        var owners = box("snapshot-owners", "snapshot.owners");
        owners.selectedProperty().bindBidirectional(model.draft().keepOwners());
        var grants = box("snapshot-grants", "snapshot.grants");
        grants.selectedProperty().bindBidirectional(model.draft().keepGrants());
        var row = new HBox(name, workers, owners, grants);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("snapshot-options");
        return row;
    }

    private CheckBox box(String id, String key) {
        var box = new CheckBox(texts.get(key));
        box.setId(id);
        box.setMnemonicParsing(false);
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.setTooltip(new Tooltip(texts.get(key + ".why")));
        return box;
    }

    private void fill() {
        boolean searching = !search.getText().isBlank();
        var nodes = ScopeNode.of(model.tables().all().get(), search.getText());
        tree.show(nodes, nothing(searching), searching);
        sum();
    }

    private String nothing(boolean searching) {
        if (model.tables().loading().get()) {
            return texts.get("snapshot.loading");
        }
        return texts.get(searching && !model.tables().all().get().isEmpty() ? "snapshot.noMatch" : "snapshot.noTables");
    }

    private void sum() {
        var all = model.tables().all().get();
        if (all.isEmpty()) {
            totals.setText("");
            return;
        }
        var share = Share.of(all, model.draft().scope().get());
        if (share.unestimated() == share.in() && share.in() > 0) { // else it would say about 0 rows
            totals.setText(texts.get(
                    "snapshot.totals.noRows", Format.count(share.in()), Format.count(share.of()), Format.bytes((double)
                            share.bytes())));
            return;
        }
        String text = texts.get(
                "snapshot.totals",
                Format.count(share.in()),
                Format.count(share.of()),
                Format.bytes((double) share.bytes()),
                Format.count(share.rows()));
        totals.setText(
                share.unestimated() == 0
                        ? text
                        : text + " " + texts.count("snapshot.totals.unestimated", share.unestimated()));
    }

    private void lock(Optional<String> reason) {
        tree.view().setDisable(reason.isPresent());
        options.setDisable(reason.isPresent());
    }
}
