package io.handover.ui;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/// A page with one field, for tests of the frame around it.
final class StubPage implements Page {

    final List<String> events = new ArrayList<>();
    final ObjectProperty<Optional<PrimaryAction>> action = new SimpleObjectProperty<>(Optional.empty());
    final BooleanProperty mayGoOn = new SimpleBooleanProperty(true);
    final StringProperty subtitle = new SimpleStringProperty("How things stand.");
    private final PageId id;
    private final VBox node = new VBox(new TextField());

    StubPage(PageId id) {
        this.id = id;
        node.getStyleClass().add("page-body");
    }

    /// Makers of all pages; those made so far are in `made`.
    static Map<PageId, Supplier<Page>> makers(Map<PageId, StubPage> made) {
        var makers = new EnumMap<PageId, Supplier<Page>>(PageId.class);
        for (PageId id : PageId.values()) {
            makers.put(id, () -> {
                var page = new StubPage(id);
                made.put(id, page);
                return page;
            });
        }
        return makers;
    }

    @Override
    public PageId id() {
        return id;
    }

    @Override
    public String title() {
        return "The page " + id;
    }

    @Override
    public ObservableValue<String> subtitle() {
        return subtitle;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return action;
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return mayGoOn;
    }

    @Override
    public void enter() {
        events.add("enter");
    }

    @Override
    public void leave() {
        events.add("leave");
    }
}
