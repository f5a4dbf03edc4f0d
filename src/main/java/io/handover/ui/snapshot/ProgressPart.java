package io.handover.ui.snapshot;

import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Stage;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.Task;
import io.handover.ui.UiContext;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Format;
import io.handover.ui.control.ReadLimitField;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TileRow;
import io.handover.ui.fx.Derived;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The baseline under way, and what has become of it.
final class ProgressPart extends VBox {

    private final SnapshotViewModel model;
    private final Texts texts;
    private final ObservableValue<CopyProgress> copy;
    /// What the page shows; stands still while nobody sees it.
    private final SimpleObjectProperty<CopyProgress> seen;

    private final SnapshotFigures figures;
    private final ProgressTable table;
    private final ProgressBar bar = new ProgressBar(0);
    private final Label phase = new Label();
    private final Label percent = new Label();
    private final Label cost = new Label();
    private final Button stop;
    private final Button pause;
    private final Button hold;
    private final VBox running;
    private final Node done;
    /// What says nothing while nothing runs.
    private final List<Figure> moving;

    private boolean shown;

    ProgressPart(UiContext context, SnapshotViewModel model) {
        this.model = model;
        this.texts = context.texts();
        this.copy = model.copy();
        this.seen = new SimpleObjectProperty<>(copy.getValue());
        getStyleClass().add("page-column");
        figures = new SnapshotFigures(texts, context.zone());
        table = new ProgressTable(texts);
        stop = stop();
        pause = pause();
        hold = hold();
        var price = figure("cost", figures::cost);
        Tooltip.install(price, new Tooltip(texts.get("snapshot.cost.why")));
        moving = List.of(figure("speed", figures::speed), figure("eta", figures::eta));
        var numbers = new TileRow(
                132,
                figure("copied", figures::copied),
                moving.getFirst(),
                moving.getLast(),
                figure("indexes", figures::indexes),
                price);
        running = new VBox(overall(), numbers);
        running.setMinHeight(USE_PREF_SIZE);
        running.getStyleClass().add("page-column");
        done = new TileRow(
                150,
                new Figure(
                        "snapshot-done-tables",
                        texts.get("snapshot.done.tables.name"),
                        Derived.from(seen, model.state(), figures::tablesMoved)),
                figure("done-rows", figures::rowsMoved),
                figure("done-bytes", figures::bytesMoved),
                new Figure(
                        "snapshot-done-since",
                        texts.get("snapshot.done-since"),
                        Derived.from(seen, model.state(), (_, state) -> figures.streaming(state))));
        getChildren().addAll(running, done, tables());
        table.chosen().subscribe(this::offerHold);
        copy.subscribe(this::update);
        model.state().subscribe(this::update);
    }

    /// Whether somebody looks; a hidden part costs nothing.
    void look(boolean now) {
        shown = now;
        update();
    }

    private Figure figure(String name, Function<CopyProgress, Figure.Reading> reading) {
        return new Figure("snapshot-" + name, texts.get("snapshot." + name), seen.map(reading));
    }

    private Node overall() {
        phase.setId("snapshot-phase");
        phase.getStyleClass().add("card-title");
        phase.setMinWidth(0);
        phase.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(phase, Priority.ALWAYS);
        percent.setId("snapshot-percent");
        percent.setMinWidth(Region.USE_PREF_SIZE);
        bar.setId("snapshot-bar");
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.getStyleClass().add("snapshot-bar");
        var limit = new ReadLimitField("snapshot-limit", model.limit(), model::limit, texts);
        var top = new HBox(phase, percent, pause, stop);
        top.setAlignment(Pos.CENTER_LEFT);
        top.getStyleClass().add("tools");
        var workers = new NumberSpinner(
                "snapshot-workers-now", model.draft().workers(), Plan.MOST_WORKERS, texts.get("snapshot.workers"));
        var name = new Label(texts.get("snapshot.workers"));
        name.setLabelFor(workers);
        name.setMinWidth(USE_PREF_SIZE);
        name.setTooltip(new Tooltip(texts.get("snapshot.workers.now")));
        var load = new HBox(name, workers, limit);
        load.setAlignment(Pos.CENTER_LEFT);
        load.getStyleClass().add("snapshot-options");
        cost.setId("snapshot-held-cost");
        cost.setWrapText(true);
        cost.setMinHeight(Region.USE_PREF_SIZE);
        var card = new VBox(top, bar, cost, load);
        card.setMinHeight(USE_PREF_SIZE);
        card.getStyleClass().add("ho-card");
        return card;
    }

    private Button stop() {
        var button = new Button(texts.get("snapshot.stop"), new FontIcon(Feather.SQUARE));
        button.setId("snapshot-stop");
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> model.ask(new Command.Stop()));
        return button;
    }

    private Button pause() {
        var button = new Button();
        button.setId("snapshot-pause");
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> model.ask(new Command.Pause(!held(model.state().get()))));
        return button;
    }

    /// For the table that is chosen.
    private Button hold() {
        var button = new Button();
        button.setId("snapshot-hold");
        button.setMinWidth(USE_PREF_SIZE);
        button.setTooltip(new Tooltip(texts.get("snapshot.hold.why")));
        button.setOnAction(_ -> {
            TableProgress row = table.chosen().getValue();
            if (row != null) {
                model.ask(new Command.HoldTable(row.table(), row.phase() != Phase.HELD));
            }
        });
        return button;
    }

    private void offerHold(@Nullable TableProgress row) {
        boolean held = row != null && row.phase() == Phase.HELD;
        hold.setText(texts.get(held ? "snapshot.hold.goOn" : "snapshot.hold"));
        hold.setGraphic(new FontIcon(held ? Feather.PLAY : Feather.PAUSE));
        boolean useful = row != null
                && (held || row.phase() == Phase.WAITING || row.phase() == Phase.COPYING)
                && model.refusal(new Command.HoldTable(row.table(), !held)).isEmpty();
        hold.setDisable(!useful);
        show(hold, model.mode().get() != SnapshotMode.DONE);
    }

    private static boolean held(Optional<MigrationState> state) {
        return state.flatMap(MigrationState::task).map(Task::held).orElse(false);
    }

    private Node tables() {
        var name = new Label(texts.get("snapshot.progress"));
        name.getStyleClass().add("card-title");
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var tools = new HBox(name, room, hold, table.filter());
        tools.setAlignment(Pos.CENTER_LEFT);
        tools.getStyleClass().add("tools");
        table.view().setMinHeight(150);
        table.view().setPrefHeight(220);
        VBox.setVgrow(table.view(), Priority.ALWAYS);
        var card = new VBox(tools, table.view());
        card.getStyleClass().add("ho-card");
        VBox.setVgrow(card, Priority.ALWAYS);
        return card;
    }

    private void update() {
        if (!shown) {
            return;
        }
        boolean over = model.mode().get() == SnapshotMode.DONE;
        show(running, !over);
        show(done, over);
        boolean failed = model.mode().get() == SnapshotMode.FAILED;
        moving.forEach(figure -> show(figure, !failed));
        seen.set(copy.getValue());
        table.show(copy.getValue().tables());
        offerHold(table.chosen().getValue());
        overall(copy.getValue(), model.state().get());
    }

    private static void show(Node part, boolean visible) {
        part.setVisible(visible);
        part.setManaged(visible);
    }

    private void overall(CopyProgress now, Optional<MigrationState> state) {
        double fraction = fraction(now, state);
        String title = state.flatMap(MigrationState::task)
                .map(task -> title(now, state, task))
                .orElse(texts.get("snapshot.nothingRuns"));
        phase.setText(held(state) ? texts.get("snapshot.held", title) : title);
        percent.setText(Format.percent(fraction));
        bar.setProgress(Math.max(0, fraction));
        bar.setAccessibleText(title + " " + Format.percent(fraction));
        cost.setText(figures.heldCost(now));
        show(cost, held(state));
        var refused = model.refusal(new Command.Stop());
        stop.setDisable(refused.isPresent());
        stop.setTooltip(new Tooltip(texts.get("snapshot.stop.why")));
        stop.setVisible(state.map(MigrationState::busy).orElse(false));
        stop.setManaged(stop.isVisible());
        boolean held = held(state);
        pause.setText(texts.get(held ? "snapshot.goOn" : "snapshot.pause"));
        pause.setGraphic(new FontIcon(held ? Feather.PLAY : Feather.PAUSE));
        pause.setTooltip(new Tooltip(texts.get("snapshot.pause.why")));
        show(pause, model.refusal(new Command.Pause(!held)).isEmpty());
    }

    /// While rows move or indexes are built the copy itself says best what happens: whether Handover copies, say, or
    /// the servers by themselves. Later its last words are out of date.
    private static String title(CopyProgress now, Optional<MigrationState> state, Task task) {
        var stage = state.map(MigrationState::stage).orElse(Stage.DRAFT);
        boolean copying = stage == Stage.COPYING || stage == Stage.INDEXING;
        return copying && !now.phase().isEmpty() ? now.phase() : task.title();
    }

    /// Of the bytes while rows move, of the indexes after that, of the task where neither is known.
    private static double fraction(CopyProgress now, Optional<MigrationState> state) {
        var stage = state.map(MigrationState::stage).orElse(Stage.DRAFT);
        if (stage == Stage.INDEXING && now.indexesTotal() > 0) {
            return (double) now.indexesDone() / now.indexesTotal();
        }
        return now.fraction() >= 0
                ? now.fraction()
                : state.flatMap(MigrationState::task).map(Task::fraction).orElse(-1.0);
    }
}
