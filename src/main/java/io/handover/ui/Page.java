package io.handover.ui;

import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;

/// One screen of the window. Made when it is first shown, on the JavaFX thread, and kept.
public interface Page {

    /// Which one.
    PageId id();

    /// The headline.
    String title();

    /// One sentence below the headline that says how things stand.
    ObservableValue<String> subtitle();

    /// The page itself, without headline and footer; always the same node. The shell scrolls it when the window
    /// is too small, and gives it all the room there is otherwise.
    Node node();

    /// What the footer's accented button does; empty for none.
    ObservableValue<Optional<PrimaryAction>> primary();

    /// Whether Next leads on from here. The shell also asks whether the next page can be reached.
    ObservableValue<Boolean> canGoNext();

    /// Shown from now on.
    default void enter() {}

    /// Hidden from now on: stop what only the eye needs.
    default void leave() {}
}
