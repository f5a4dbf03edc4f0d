package io.handover.ui.replicate;

import io.handover.model.LagSample;
import io.handover.ui.UiContext;
import io.handover.ui.control.ChartUnit;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Pill;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TimeChart;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The lag over time, with what is drawn and how much of it.
final class LagChart {

    private static final int A_DAY_OF_SECONDS = 86_400;
    private static final int BYTES = 0;
    private static final int SECONDS = 1;
    private static final int ROWS = 2;

    private final ReplicateViewModel model;
    private final TimeChart chart;
    private final ObjectProperty<Integer> beside = new SimpleObjectProperty<>(SECONDS);
    private final VBox card;
    private long seen;

    LagChart(ReplicateViewModel model, UiContext context) {
        this.model = model;
        Texts texts = context.texts();
        chart = new TimeChart(
                A_DAY_OF_SECONDS,
                context.zone(),
                texts,
                List.of(
                        new TimeChart.Series(texts.get("replicate.series.1"), ChartUnit.BYTES),
                        new TimeChart.Series(texts.get("replicate.series.2"), ChartUnit.SECONDS),
                        new TimeChart.Series(texts.get("replicate.series.3"), ChartUnit.ROWS)));
        chart.setId("lag-chart");
        VBox.setVgrow(chart, Priority.ALWAYS);
        beside.subscribe(which -> {
            chart.shownProperty(SECONDS).set(which == SECONDS);
            chart.shownProperty(ROWS).set(which == ROWS);
        });
        card = new VBox(bar(texts), chart);
        card.getStyleClass().add("ho-card");
        VBox.setVgrow(card, Priority.ALWAYS);
    }

    Node node() {
        return card;
    }

    /// Draws what has been added since the last time.
    void catchUp() {
        for (LagSample sample : model.samplesSince(seen)) {
            chart.add(
                    sample.at().toEpochMilli(),
                    known((double) sample.bytesBehind()),
                    known(sample.secondsBehind()),
                    known((double) sample.rowDifference()));
        }
        seen = model.samplesAdded();
    }

    /// Begins anew, for another migration.
    void clear() {
        seen = 0;
        chart.clear();
    }

    private Node bar(Texts texts) {
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var spans = new Choice<>(
                "lag-span",
                List.of(TimeChart.Span.values()),
                span -> texts.of("replicate.span", span),
                chart.spanProperty());
        var second = new Choice<>(
                "lag-beside",
                List.of(SECONDS, ROWS),
                which -> texts.get("replicate.beside." + which),
                beside,
                (which, button) -> button.setGraphic(swatch(which)));
        var bytes = new Label(texts.get("replicate.beside.0"), swatch(BYTES));
        bytes.getStyleClass().add("series-name");
        bytes.setMinWidth(Region.USE_PREF_SIZE);
        var state = new Pill("stream-state", model.stateWord(), model.stateTone());
        var bar = new HBox(state, bytes, room, second, spans);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tools");
        return bar;
    }

    private static Node swatch(int series) {
        var swatch = new Region();
        swatch.getStyleClass().addAll("chart-swatch", "chart-series-" + (series + 1));
        return swatch;
    }

    private static double known(double value) {
        return value < 0 ? Double.NaN : value;
    }
}
