package io.handover.ui.cutover;

import io.handover.model.FreezeRole;
import io.handover.ui.control.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The roles to tick for a freeze by role: those that the owner's server knows of, and those that the plan
/// names.
final class RoleBoxes extends VBox {

    private final Texts texts;
    private final Runnable changed;
    private final VBox boxes = new VBox();
    private final ScrollPane scroll = new ScrollPane(boxes);
    private final Label hint = new Label();
    private final Set<String> ticked = new LinkedHashSet<>();
    private List<FreezeRole> known = List.of();

    /// @param changed told whenever one was ticked or not any more
    RoleBoxes(Texts texts, Runnable changed) {
        this.texts = texts;
        this.changed = changed;
        setId("option-roles");
        getStyleClass().add("tight");
        boxes.getStyleClass().add("tight");
        scroll.setFitToWidth(true);
        scroll.setMaxHeight(150);
        scroll.setMinHeight(Region.USE_PREF_SIZE);
        hint.getStyleClass().addAll("quiet", "small");
        hint.setWrapText(true);
        hint.setMinHeight(Region.USE_PREF_SIZE);
        getChildren().addAll(scroll, hint);
        say("cutover.roles.reading");
    }

    /// Ticks the roles of a plan, and no others.
    void tick(List<String> names) {
        ticked.clear();
        ticked.addAll(names);
        show();
    }

    /// Offers what the server knows.
    void offer(List<FreezeRole> roles) {
        known = roles;
        say("cutover.roles.hint");
        show();
    }

    /// The server could not be asked: what the plan names stays.
    void failed() {
        say("cutover.roles.unread");
        show();
    }

    /// Names of the ticked ones, in the list's order.
    List<String> ticked() {
        return all().stream().map(FreezeRole::name).filter(ticked::contains).toList();
    }

    private void say(String key) {
        hint.setText(texts.get(key));
    }

    private List<FreezeRole> all() {
        var all = new ArrayList<>(known);
        var names = known.stream().map(FreezeRole::name).toList();
        ticked.stream()
                .filter(name -> !names.contains(name))
                .map(name -> new FreezeRole(name, 0, false))
                .forEach(all::add);
        return all;
    }

    private void show() {
        boxes.getChildren().clear();
        for (FreezeRole role : all()) {
            var box = new CheckBox(texts.get("cutover.roles.role", role.name(), sessions(role), writes(role)));
            box.setId("option-role-" + (boxes.getChildren().size() + 1));
            box.setMnemonicParsing(false); // an underscore in a name is one
            box.setSelected(ticked.contains(role.name()));
            box.setWrapText(true);
            box.selectedProperty().subscribe(on -> {
                if (on) {
                    ticked.add(role.name());
                } else {
                    ticked.remove(role.name());
                }
                changed.run();
            });
            boxes.getChildren().add(box);
        }
        scroll.setVisible(!boxes.getChildren().isEmpty());
        scroll.setManaged(scroll.isVisible());
        changed.run();
    }

    private String sessions(FreezeRole role) {
        return texts.count("cutover.roles.sessions", role.sessions());
    }

    private String writes(FreezeRole role) {
        return texts.get(role.writes() ? "cutover.roles.writes" : "cutover.roles.quiet");
    }
}
