package io.handover.ui;

import io.handover.testkit.Pictures;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.testfx.api.FxRobot;

/// Shows one page about as the shell does: beside a rail, below a headline, scrolled when the window is too small.
public final class PageStage {

    private static final double RAIL = 226;
    /// In a window narrower than 960.
    private static final double RAIL_OF_NUMBERS = 66;

    /// The servers above, the buttons and the status below.
    private static final double ABOVE_AND_BELOW = 142;

    private final Stage stage;
    private final Page page;

    private PageStage(Stage stage, Page page) {
        this.stage = stage;
        this.page = page;
    }

    /// Shows `page` in a window of 990 by 740. JavaFX thread.
    public static PageStage show(Stage stage, Page page) {
        var frame = new PageStage(stage, page);
        frame.fill();
        frame.size(990, 740);
        page.enter();
        stage.show();
        return frame;
    }

    private void fill() {
        var title = new Label(page.title());
        title.getStyleClass().add("page-title");
        var subtitle = new Label();
        subtitle.setId("subtitle");
        subtitle.textProperty().bind(page.subtitle());
        subtitle.getStyleClass().add("page-subtitle");
        var header = new VBox(title, subtitle);
        header.getStyleClass().add("page-header");
        page.node().getStyleClass().add("page-body");
        var scroll = new ScrollPane(page.node());
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.getStyleClass().addAll("edge-to-edge", "page-scroll");
        var all = new VBox(header, scroll);
        all.setStyle("-fx-background-color: -ho-page;");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        stage.setScene(new Scene(all));
        Theme.LIGHT.dress(stage.getScene());
    }

    /// As big as the page would be in a window of this size. JavaFX thread.
    public void size(double width, double height) {
        stage.setWidth(width - (width < 960 ? RAIL_OF_NUMBERS : RAIL));
        stage.setHeight(height - ABOVE_AND_BELOW);
    }

    /// Saves pictures of the page as it is: light and dark in a common window, light in a small one.
    public void pictures(FxRobot robot, String name) throws Exception {
        Pictures.save(stage.getScene(), name + "-light");
        robot.interact(() -> Theme.DARK.dress(stage.getScene()));
        Pictures.save(stage.getScene(), name + "-dark");
        robot.interact(() -> {
            Theme.LIGHT.dress(stage.getScene());
            size(800, 600);
        });
        Pictures.save(stage.getScene(), name + "-small");
        robot.interact(() -> size(990, 740));
    }
}
