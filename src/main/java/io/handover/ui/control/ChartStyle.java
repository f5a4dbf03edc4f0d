package io.handover.ui.control;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javafx.css.CssMetaData;
import javafx.css.FontCssMetaData;
import javafx.css.StyleConverter;
import javafx.css.Styleable;
import javafx.css.StyleableObjectProperty;
import javafx.css.StyleableProperty;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Font;

/// The chart's colours and font as CSS properties, so that a change of theme reaches the canvas.
final class ChartStyle {

    private static final List<String> NAMES =
            List.of("-chart-1", "-chart-2", "-chart-3", "-chart-grid", "-chart-text", "-chart-gap");
    private static final List<Color> PLAIN = List.of(
            Color.web("#0969da"),
            Color.web("#bf8700"),
            Color.web("#2da44e"),
            Color.web("#d8dee4"),
            Color.web("#57606a"),
            Color.web("#eaeef2"));
    private static final List<CssMetaData<TimeChart, Paint>> PAINTS =
            IntStream.range(0, NAMES.size()).mapToObj(ChartStyle::paintData).toList();
    private static final CssMetaData<TimeChart, Font> FONT = new FontCssMetaData<>("-fx-font", Font.getDefault()) {
        @Override
        public boolean isSettable(TimeChart chart) {
            return true;
        }

        @Override
        public StyleableProperty<Font> getStyleableProperty(TimeChart chart) {
            return chart.style().font;
        }
    };
    /// What the class offers to CSS.
    static final List<CssMetaData<? extends Styleable, ?>> ALL = all();

    private final List<StyleableObjectProperty<Paint>> paints = new ArrayList<>();
    private final StyleableObjectProperty<Font> font;

    /// Calls `changed` whenever something is to be drawn anew.
    ChartStyle(TimeChart chart, Runnable changed) {
        for (int i = 0; i < NAMES.size(); i++) {
            paints.add(new Property<>(chart, NAMES.get(i), PLAIN.get(i), PAINTS.get(i), changed));
        }
        font = new Property<>(chart, "font", Font.getDefault(), FONT, changed);
    }

    ChartPainter.Colours colours() {
        return new ChartPainter.Colours(List.of(paint(0), paint(1), paint(2)), paint(3), paint(4), paint(5));
    }

    Font font() {
        return font.get();
    }

    private Paint paint(int index) {
        return paints.get(index).get();
    }

    private static List<CssMetaData<? extends Styleable, ?>> all() {
        var all = new ArrayList<CssMetaData<? extends Styleable, ?>>(Region.getClassCssMetaData());
        all.addAll(PAINTS);
        all.add(FONT);
        return List.copyOf(all);
    }

    private static CssMetaData<TimeChart, Paint> paintData(int index) {
        return new CssMetaData<>(NAMES.get(index), StyleConverter.getPaintConverter(), PLAIN.get(index)) {
            @Override
            public boolean isSettable(TimeChart chart) {
                return true;
            }

            @Override
            public StyleableProperty<Paint> getStyleableProperty(TimeChart chart) {
                return chart.style().paints.get(index);
            }
        };
    }

    private static final class Property<T> extends StyleableObjectProperty<T> {
        private final TimeChart chart;
        private final String name;
        private final CssMetaData<TimeChart, T> data;
        private final Runnable changed;

        Property(TimeChart chart, String name, T first, CssMetaData<TimeChart, T> data, Runnable changed) {
            super(first);
            this.chart = chart;
            this.name = name;
            this.data = data;
            this.changed = changed;
        }

        @Override
        protected void invalidated() {
            changed.run();
            get(); // else the next change would not invalidate again
        }

        @Override
        public Object getBean() {
            return chart;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public CssMetaData<TimeChart, T> getCssMetaData() {
            return data;
        }
    }
}
