package io.handover.ui.control;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.stage.Window;

/// A live chart of up to three series over time on one canvas, made to stay cheap with a day of samples.
///
/// It draws when it is given samples, resized or themed, never by itself. The first series has the left axis; of
/// the others the first that is shown has the right one. A value that could not be read is a shaded gap. Arrow
/// keys move the read-out, Home and End take it to either end, Escape puts it away. JavaFX thread.
public final class TimeChart extends Region {

    /// What one line of the chart shows.
    ///
    /// @param name for the legend
    /// @param unit of its values
    public record Series(String name, ChartUnit unit) {}

    /// How much time the chart shows.
    public enum Span {
        /// The last five minutes.
        MINUTES_5(Duration.ofMinutes(5)),
        /// The last hour.
        HOUR_1(Duration.ofHours(1)),
        /// The last day.
        HOURS_24(Duration.ofHours(24));

        private final Duration length;

        Span(Duration length) {
            this.length = length;
        }

        /// How long.
        public Duration length() {
            return length;
        }
    }

    /// Readings further apart than this are not joined.
    private static final Duration GAP = Duration.ofSeconds(6);

    private final List<Series> series;
    private final List<BooleanProperty> shown = new ArrayList<>();
    private final ObjectProperty<Span> span = new SimpleObjectProperty<>(this, "span", Span.MINUTES_5);
    private final ChartSamples samples;
    private final ZoneId zone;
    private final Texts texts;
    private final Canvas canvas = new Canvas();
    private final ChartStyle style = new ChartStyle(this, this::requestLayout);
    private final ChartReadout readout;
    private final Label nothing = new Label();
    private Optional<ChartPainter.Layout> plot = Optional.empty();
    private int rectangles;

    /// An empty chart.
    ///
    /// @param capacity how many samples it keeps
    /// @param zone     whose clock the axis shows
    /// @param texts    with the keys `chart.*`
    /// @param series   one to three
    public TimeChart(int capacity, ZoneId zone, Texts texts, List<Series> series) {
        this.series = List.copyOf(series);
        this.zone = zone;
        this.texts = texts;
        samples = new ChartSamples(capacity, series.size());
        readout = new ChartReadout(samples, this.series, zone, texts);
        for (int i = 0; i < series.size(); i++) {
            var property = new SimpleBooleanProperty(this, "shown" + i, true);
            property.subscribe(this::requestLayout);
            shown.add(property);
        }
        span.subscribe(this::requestLayout);
        nothing.setText(texts.get("chart.nothing"));
        nothing.getStyleClass().add("chart-nothing");
        getStyleClass().add("time-chart");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setFocusTraversable(true);
        setMinSize(240, 130);
        setPrefSize(700, 260);
        getChildren().addAll(canvas, readout, nothing);
        setOnMouseMoved(e -> readAt(e.getX()));
        setOnMouseExited(_ -> putAway());
        setOnMousePressed(_ -> requestFocus());
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    }

    /// Adds a sample, newest last.
    ///
    /// @param time   milliseconds since 1970
    /// @param values one a series, `NaN` for what could not be read
    public void add(long time, double... values) {
        samples.add(time, values);
        requestLayout();
    }

    /// Forgets all samples.
    public void clear() {
        samples.clear();
        readout.hide();
        requestLayout();
    }

    /// How much time is shown.
    public ObjectProperty<Span> spanProperty() {
        return span;
    }

    /// Whether series `index` is drawn.
    public BooleanProperty shownProperty(int index) {
        return shown.get(index);
    }

    /// How many rectangles the series cost in the last paint.
    int rectangles() {
        return rectangles;
    }

    /// Where things were put in the last paint; empty before and while the chart is too small.
    Optional<ChartPainter.Layout> plot() {
        return plot;
    }

    ChartStyle style() {
        return style;
    }

    @Override
    protected void layoutChildren() {
        double width = snapSizeX(getWidth());
        double height = snapSizeY(getHeight());
        canvas.setWidth(width);
        canvas.setHeight(height);
        plot = compute(width, height);
        paint(width, height);
        readout.resizeRelocate(0, 0, width, height);
        plot.ifPresentOrElse(at -> readout.place(at, visible()), readout::hide);
        nothing.setVisible(samples.size() == 0);
        nothing.autosize();
        double left = (width - nothing.getWidth()) / 2;
        double top = (height - nothing.getHeight()) / 2;
        nothing.relocate(snapPositionX(left), snapPositionY(top));
        describe();
    }

    private Optional<ChartPainter.Layout> compute(double width, double height) {
        int right = rightSeries();
        double plotHeight = height - ChartPainter.TOP - ChartPainter.BOTTOM;
        double scale = scale();
        int count = (int) (ChartPainter.plotWidth(width, right > 0) * scale);
        if (count < 20 || plotHeight < 20) {
            return Optional.empty();
        }
        long end = samples.size() == 0 ? 0 : samples.time(samples.size() - 1);
        double perColumn = (double) span.get().length().toMillis() / count;
        int steps = ChartPainter.steps(plotHeight);
        var columns = new ArrayList<ChartColumns>();
        var tops = new ArrayList<Double>();
        for (int i = 0; i < series.size(); i++) {
            var one = new ChartColumns(count, perColumn, end);
            if (i == 0 || i == right) {
                one.fill(samples, i, GAP.toMillis());
            }
            columns.add(one);
            tops.add(ChartPainter.top(series.get(i).unit(), one.top(), steps));
        }
        return Optional.of(new ChartPainter.Layout(ChartPainter.LEFT, count / scale, plotHeight, steps, tops, columns));
    }

    private void paint(double width, double height) {
        var g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, width, height);
        rectangles = 0;
        if (plot.isEmpty()) {
            return;
        }
        var at = plot.get();
        var colours = style.colours();
        var painter = new ChartPainter(g, scale());
        int right = rightSeries();
        g.setFont(style.font());
        painter.gaps(at, colours.gap());
        painter.axes(at, series, right, colours);
        if (samples.size() > 0) {
            painter.times(at, zone, colours);
        }
        painter.area(at, 0, colours.series().getFirst());
        if (right > 0) {
            painter.series(at, right, colours.series().get(right));
        }
        painter.series(at, 0, colours.series().getFirst());
        rectangles = painter.rectangles();
    }

    /// The series on the right axis; 0 if there is none.
    private int rightSeries() {
        for (int i = 1; i < series.size(); i++) {
            if (shown.get(i).get()) {
                return i;
            }
        }
        return 0;
    }

    private List<Boolean> visible() {
        int right = rightSeries();
        var visible = new ArrayList<Boolean>();
        for (int i = 0; i < series.size(); i++) {
            visible.add(i == 0 || i == right);
        }
        return visible;
    }

    private double scale() {
        if (getScene() == null) {
            return 1;
        }
        Window window = getScene().getWindow();
        return window == null ? 1 : window.getRenderScaleX();
    }

    private void readAt(double x) {
        plot.ifPresent(at -> {
            boolean inside = x >= at.left() && x <= at.left() + at.width();
            if (inside) {
                readout.show(at.time(x));
                readout.place(at, visible());
                describe();
            } else {
                putAway();
            }
        });
    }

    private void putAway() {
        readout.hide();
        describe();
    }

    private void key(KeyEvent event) {
        int last = samples.size() - 1;
        if (last < 0 || plot.isEmpty()) {
            return;
        }
        var at = plot.get();
        int first =
                Math.min(last, samples.firstFrom((long) at.columns().getFirst().start(0)));
        int now = readout.index().orElse(last + 1);
        int step = event.isShiftDown() ? 10 : 1;
        switch (event.getCode()) {
            case LEFT -> readSample(Math.clamp(now - step, first, last));
            case RIGHT -> readSample(Math.clamp(now + step, first, last));
            case HOME -> readSample(first);
            case END -> readSample(last);
            case ESCAPE -> {
                if (!readout.isVisible()) {
                    return;
                }
                putAway();
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void readSample(int index) {
        readout.show(samples.time(index));
        plot.ifPresent(at -> readout.place(at, visible()));
        describe();
    }

    /// The chart in words, for who cannot see it.
    private void describe() {
        var said = new StringBuilder(texts.of("chart.span", span.get()));
        if (samples.size() == 0) {
            said.append(": ").append(texts.get("chart.nothing"));
        }
        plot.ifPresent(at -> {
            for (int i = 0; i < series.size() && samples.size() > 0; i++) {
                if (visible().get(i)) {
                    said.append(". ").append(inWords(i, at));
                }
            }
        });
        setAccessibleText(said.toString());
        setAccessibleHelp(readout.spoken());
    }

    private String inWords(int index, ChartPainter.Layout at) {
        var unit = series.get(index).unit();
        double now = samples.value(index, samples.size() - 1);
        return texts.get(
                "chart.summary",
                series.get(index).name(),
                Double.isNaN(now) ? texts.get("chart.gap") : unit.format(now),
                unit.format(at.columns().get(index).top()));
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        return ChartStyle.ALL;
    }
}
