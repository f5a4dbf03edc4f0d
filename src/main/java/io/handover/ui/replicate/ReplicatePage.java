package io.handover.ui.replicate;

import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TileRow;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The stream while it runs: lag, row counts, writers.
public final class ReplicatePage implements Page {

    private enum Below {
        COUNTS,
        WRITERS
    }

    private final UiContext context;
    private final ReplicateViewModel model;
    private final LagChart chart;
    private final CountsTable counts;
    private final WritersTable writers;
    private final ObjectProperty<Below> below = new SimpleObjectProperty<>(Below.COUNTS);
    private final VBox node = new VBox();
    private boolean shown;

    /// Bound to the migration of `context`.
    public ReplicatePage(UiContext context) {
        this.context = context;
        Texts texts = context.texts();
        model = new ReplicateViewModel(context);
        chart = new LagChart(model, context);
        counts = new CountsTable(texts);
        writers = new WritersTable(texts);
        var figures = new TileRow(
                132,
                new Figure("figure-behind", texts.get("replicate.behind"), model.behind()),
                new Figure("figure-caught-up", texts.get("replicate.caughtUp"), model.caughtUp()),
                new Figure("figure-pause", texts.get("replicate.pause"), model.pause()),
                new Figure("figure-rates", texts.get("replicate.rates"), model.rates()),
                new Figure("figure-kept", texts.get("replicate.kept"), model.kept()));
        node.setId("replicate");
        node.getStyleClass().add("page-column");
        node.getChildren().addAll(new Banner(texts, model.message()), figures, chart.node(), tables(texts));
        model.lag().subscribe(this::update);
        model.counts().subscribe(this::update);
        context.migration().subscribe(() -> {
            chart.clear();
            update();
        });
    }

    private Node tables(Texts texts) {
        var choice = new Choice<>("below", List.of(Below.values()), which -> texts.of("replicate.below", which), below);
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var tools = new HBox(choice, room, counts.onlyDifferences(), counts.filter());
        tools.setAlignment(Pos.CENTER_LEFT);
        tools.getStyleClass().add("tools");
        var caveat = new Label();
        caveat.setId("counts-caveat");
        caveat.setWrapText(true);
        caveat.setMinHeight(Region.USE_PREF_SIZE);
        caveat.getStyleClass().addAll("quiet", "small");
        caveat.textProperty().bind(model.caveat());
        var stack = new StackPane(counts.table(), writers.table());
        stack.setMinHeight(150);
        stack.setPrefHeight(190);
        VBox.setVgrow(stack, Priority.ALWAYS);
        ObservableValue<Boolean> counting = below.map(Below.COUNTS::equals);
        for (Node part : List.of(counts.table(), counts.filter(), counts.onlyDifferences(), caveat)) {
            part.visibleProperty().bind(counting);
            part.managedProperty().bind(counting);
        }
        writers.table().visibleProperty().bind(below.map(Below.WRITERS::equals));
        var box = new VBox(tools, stack, caveat);
        box.getStyleClass().addAll("ho-card");
        VBox.setVgrow(box, Priority.ALWAYS);
        return box;
    }

    /// Nobody sees a hidden page, so it costs nothing.
    private void update() {
        if (shown) {
            chart.catchUp();
            counts.show(model.counts().getValue());
            writers.show(model.lag().getValue().writers());
        }
    }

    @Override
    public void enter() {
        shown = true;
        update();
    }

    @Override
    public void leave() {
        shown = false;
    }

    @Override
    public PageId id() {
        return PageId.REPLICATE;
    }

    @Override
    public String title() {
        return context.texts().get("replicate.title");
    }

    @Override
    public ObservableValue<String> subtitle() {
        return model.sentence();
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return new SimpleObjectProperty<>(Optional.empty());
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return model.canGoNext();
    }
}
