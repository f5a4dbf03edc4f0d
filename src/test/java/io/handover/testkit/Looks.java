package io.handover.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.ui.Theme;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Cell;
import javafx.scene.control.Labeled;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.testfx.util.WaitForAsyncUtils;

/// Looks at a window in both themes, at its usual and at its smallest size.
public final class Looks {

    private Looks() {}

    /// Saves four pictures of `window` to `target/pictures` and checks that no text is cut off without a tooltip that
    /// has the whole of it. Called on the test's thread; leaves the window light and large.
    public static void look(Stage window, String name)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        for (var theme : Theme.values()) {
            for (boolean small : new boolean[] {true, false}) {
                WaitForAsyncUtils.asyncFx(() -> {
                            window.setX(0);
                            window.setY(0);
                            window.setWidth(small ? 800 : 990);
                            window.setHeight(small ? 600 : 740);
                            theme.dress(window.getScene());
                            window.getScene().getRoot().applyCss();
                            window.getScene().getRoot().layout();
                        })
                        .get(20, TimeUnit.SECONDS);
                WaitForAsyncUtils.waitForFxEvents();
                String size = small ? "small" : "large";
                Pictures.save(
                        window.getScene(),
                        name + "-" + size + "-" + theme.name().toLowerCase(java.util.Locale.ROOT));
                assertEquals(List.of(), cutOff(window), name + ": texts that nobody can read whole, " + size);
            }
        }
        WaitForAsyncUtils.asyncFx(() -> Theme.LIGHT.dress(window.getScene())).get(20, TimeUnit.SECONDS);
    }

    /// Texts that are shortened, whose whole nobody can see in a tooltip.
    private static List<String> cutOff(Stage window) throws InterruptedException, ExecutionException, TimeoutException {
        return WaitForAsyncUtils.asyncFx(() -> {
                    var found = new ArrayList<String>();
                    search(window.getScene().getRoot(), found);
                    return found;
                })
                .get(20, TimeUnit.SECONDS);
    }

    private static void search(Node node, List<String> found) {
        if (!node.isVisible()) {
            return;
        }
        if (node instanceof Labeled label && !(label instanceof Cell<?>) && label.getTooltip() == null) {
            label.getChildrenUnmodifiable().stream()
                    .filter(Text.class::isInstance)
                    .map(Text.class::cast)
                    .filter(shown -> !shown.equals(label.getGraphic())
                            && shown.isVisible()
                            && !shown.getText().equals(label.getText()))
                    .forEach(shown -> found.add(label.getText() + " → " + shown.getText()));
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> search(child, found));
        }
    }
}
