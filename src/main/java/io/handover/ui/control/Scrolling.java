package io.handover.ui.control;

import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ScrollPane;

/// Scrolls the page a part stands on. JavaFX thread.
public final class Scrolling {

    private Scrolling() {}

    /// Until `part` begins at the upper edge, as far as the page goes; for what has just opened below what is seen.
    /// Nothing happens where nothing scrolls.
    public static void toTop(Node part) {
        for (Parent parent = part.getParent(); parent != null; parent = parent.getParent()) {
            if (parent instanceof ScrollPane pane) {
                pane.applyCss();
                pane.layout(); // else the heights are those from before it opened
                Node content = pane.getContent();
                double top = content.sceneToLocal(part.localToScene(part.getLayoutBounds()))
                        .getMinY();
                double hidden = content.getLayoutBounds().getHeight()
                        - pane.getViewportBounds().getHeight();
                if (hidden > 0) {
                    pane.setVvalue(Math.clamp(top / hidden, 0, 1) * pane.getVmax());
                }
                return;
            }
        }
    }
}
