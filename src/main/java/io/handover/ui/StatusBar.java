package io.handover.ui;

import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import javafx.beans.property.BooleanProperty;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The bottom line of the window. Never an endless progress bar: that one costs more than the work.
final class StatusBar extends HBox {

    private static final PseudoClass RUNNING = PseudoClass.getPseudoClass("running");

    private final Label title = new Label();
    private final ProgressBar bar = new ProgressBar(0);
    private final Label time = new Label();
    private final Label waits = new Label("", new FontIcon(Feather.PAUSE_CIRCLE));
    private final Button stop;

    StatusBar(StatusViewModel model, Texts texts, BooleanProperty drawerOpen) {
        getStyleClass().add("status-bar");
        setAlignment(Pos.CENTER_LEFT);
        title.setId("status-title");
        title.setGraphic(new FontIcon(Feather.ACTIVITY));
        title.getStyleClass().add("status-title");
        title.setMinWidth(60);
        title.setMaxWidth(640);
        bar.setId("status-progress");
        bar.setAccessibleText(texts.get("status.progress"));
        bar.setMinWidth(80);
        time.setId("status-time");
        time.getStyleClass().add("status-time");
        time.setMinWidth(USE_PREF_SIZE);
        waits.setId("status-waits");
        waits.getStyleClass().add("status-waits");
        waits.setMinWidth(150);
        stop = new Button(texts.get("status.stop"), new FontIcon(Feather.SQUARE));
        stop.setId("status-stop");
        stop.getStyleClass().addAll("small", "status-button");
        stop.setMinWidth(USE_PREF_SIZE);
        stop.setOnAction(_ -> model.stop());
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var sql = new ToggleButton(texts.get("drawer.title"), new FontIcon(Feather.TERMINAL));
        sql.setId("status-sql");
        sql.getStyleClass().addAll("small", "flat", "status-button");
        sql.setMinWidth(USE_PREF_SIZE);
        Hints.explain(sql, texts.get("drawer.explain"));
        sql.selectedProperty().bindBidirectional(drawerOpen);
        for (Region part : new Region[] {bar, time, waits, stop}) {
            part.managedProperty().bind(part.visibleProperty());
        }
        getChildren().addAll(title, bar, time, waits, stop, room, sql);
        model.view().subscribe(this::show);
    }

    private void show(StatusViewModel.View view) {
        Hints.rename(title, view.title());
        pseudoClassStateChanged(RUNNING, view.running());
        bar.setVisible(view.fraction() >= 0);
        bar.setProgress(Math.max(0, view.fraction()));
        time.setText(view.time());
        time.setVisible(!view.time().isEmpty());
        Hints.rename(waits, view.waitsFor());
        waits.setVisible(!view.waitsFor().isEmpty());
        stop.setVisible(view.stoppable());
    }
}
