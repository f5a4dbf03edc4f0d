package io.handover.ui.control;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// A part of a page with a heading of its own, lifted off the page.
public final class Card extends VBox {

    private final Label heading;

    /// A heading, to the right of it `beside`, below it `content`.
    public Card(String title, Node[] beside, Node... content) {
        this(new Label(title), beside, content);
    }

    /// The same with a heading that changes.
    public Card(ObservableValue<String> title, Node[] beside, Node... content) {
        this(new Label(), beside, content);
        heading.textProperty().bind(title);
    }

    private Card(Label heading, Node[] beside, Node... content) {
        this.heading = heading;
        getStyleClass().add("ho-card");
        heading.getStyleClass().add("card-title");
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var top = new HBox(heading, room);
        top.getChildren().addAll(beside);
        top.setAlignment(Pos.CENTER_LEFT);
        top.getStyleClass().add("card-top");
        getChildren().add(top);
        getChildren().addAll(content);
        setMinWidth(0);
    }

    /// A heading and what stands below it.
    public Card(String title, Node... content) {
        this(title, new Node[0], content);
    }
}
