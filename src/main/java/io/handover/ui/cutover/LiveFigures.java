package io.handover.ui.cutover;

import io.handover.model.CutoverReport;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TileRow;
import io.handover.ui.control.Tone;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.util.Duration;

/// The write pause as it grows and the time left until everything is undone, ten times a second while a cutover
/// is under way and its page is looked at, and not otherwise.
final class LiveFigures {

    private static final Figure.Reading NOTHING = new Figure.Reading(Format.UNKNOWN, "", Tone.PLAIN);

    private final CutoverViewModel model;
    private final ObjectProperty<Figure.Reading> pause = new SimpleObjectProperty<>(NOTHING);
    private final ObjectProperty<Figure.Reading> deadline = new SimpleObjectProperty<>(NOTHING);
    private final Timeline clock = new Timeline(new KeyFrame(Duration.millis(100), _ -> update()));
    private final TileRow node;
    private boolean looked;

    LiveFigures(CutoverViewModel model, Texts texts) {
        this.model = model;
        node = new TileRow(
                170,
                new Figure("live-pause", texts.get("cutover.pause"), pause),
                new Figure("live-deadline", texts.get("cutover.deadline"), deadline));
        clock.setCycleCount(Animation.INDEFINITE);
        model.last().subscribe(this::follow);
    }

    Node node() {
        return node;
    }

    void run(boolean look) {
        looked = look;
        follow();
    }

    private void follow() {
        boolean running = model.last()
                .getValue()
                .filter(report -> report.writePause().isEmpty()
                        && report.outcome() != CutoverReport.Outcome.UNDONE
                        && report.outcome() != CutoverReport.Outcome.DONE)
                .isPresent();
        if (looked && running) {
            clock.play();
        } else {
            clock.stop();
        }
        update();
    }

    private void update() {
        model.last().getValue().ifPresent(report -> {
            pause.set(model.words().pause(report, model.now()));
            deadline.set(model.words().deadline(report, model.now()));
        });
    }
}
