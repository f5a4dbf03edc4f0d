package io.handover.ui.cutover;

import io.handover.model.TimelineEntry;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.List;
import java.util.function.Predicate;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// A cutover's steps as bars. Before, during and after the write pause have a scale each: a hook of seconds would
/// leave nothing to see of a pause of milliseconds.
final class TimelineView extends VBox {

    private final Texts texts;

    TimelineView(Texts texts) {
        this.texts = texts;
        setId("timeline");
        getStyleClass().add("page-column");
    }

    void show(List<TimelineEntry> entries) {
        getChildren().clear();
        section("before", entries, entry -> !entry.paused() && entry.startMillis() < 0);
        section("paused", entries, TimelineEntry::paused);
        section("after", entries, entry -> !entry.paused() && entry.startMillis() >= 0);
    }

    private void section(String key, List<TimelineEntry> all, Predicate<TimelineEntry> which) {
        var entries = all.stream().filter(which).toList();
        if (entries.isEmpty()) {
            return;
        }
        double from =
                entries.stream().mapToDouble(TimelineEntry::startMillis).min().orElse(0);
        double to = Math.max(
                from + 0.1,
                entries.stream().mapToDouble(TimelineView::end).max().orElse(0));
        var title = new Label(texts.get("cutover.timeline." + key, Format.millis(to - from)));
        title.getStyleClass().addAll("timeline-title", "timeline-" + key);
        var grid = new GridPane();
        grid.getStyleClass().add("timeline");
        grid.getColumnConstraints().addAll(fixed(260, HPos.LEFT), growing(), fixed(72, HPos.RIGHT));
        for (TimelineEntry entry : entries) {
            var name = new Label(entry.note().isEmpty() ? entry.name() : entry.name() + " · " + entry.note());
            name.setTextOverrun(OverrunStyle.ELLIPSIS);
            name.setMinWidth(0);
            name.setTooltip(new Tooltip(name.getText()));
            var took = new Label(
                    entry.tookMillis() < 0 ? texts.get("cutover.timeline.running") : Format.millis(entry.tookMillis()));
            took.getStyleClass().add("small");
            double end = entry.tookMillis() < 0 ? to : end(entry);
            grid.addRow(
                    grid.getRowCount(),
                    name,
                    new Bar(key, (entry.startMillis() - from) / (to - from), (end - from) / (to - from)),
                    took);
        }
        getChildren().add(new VBox(4, title, grid));
    }

    private static double end(TimelineEntry entry) {
        return entry.startMillis() + Math.max(0, entry.tookMillis());
    }

    private static ColumnConstraints fixed(double width, HPos place) {
        var column = new ColumnConstraints(Math.min(width, 72), width, width);
        column.setHalignment(place);
        return column;
    }

    private static ColumnConstraints growing() {
        var column = new ColumnConstraints();
        column.setHgrow(Priority.ALWAYS);
        column.setMinWidth(60);
        return column;
    }

    private static final class Bar extends Pane {
        private final Node bar = new Region();
        private final double from;
        private final double to;

        Bar(String key, double from, double to) {
            this.from = from;
            this.to = to;
            bar.getStyleClass().addAll("timeline-bar", "timeline-bar-" + key);
            getStyleClass().add("timeline-track");
            getChildren().add(bar);
            setMinWidth(0);
            setPrefHeight(14);
        }

        @Override
        protected void layoutChildren() {
            double left = Math.rint(from * getWidth());
            double right = Math.max(left + 3, Math.rint(to * getWidth())); // a moment is seen, too
            double height = 10;
            bar.resizeRelocate(
                    Math.min(left, getWidth() - 3), Math.rint((getHeight() - height) / 2), right - left, height);
        }
    }
}
