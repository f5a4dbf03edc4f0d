package io.handover.ui.connect;

import io.handover.model.Profile;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Chooses a saved profile for one form, and keeps, renames, deletes, imports and exports them.
final class ProfileBar extends HBox {

    private final ConnectViewModel model;
    private final EndpointForm form;
    private final Texts texts;
    private final ComboBox<ProfileShelf.Entry> chooser = new ComboBox<>();
    private final MenuItem rename = new MenuItem();
    private final Menu delete = new Menu();

    ProfileBar(String id, ConnectViewModel model, EndpointForm form, Texts texts) {
        this.model = model;
        this.form = form;
        this.texts = texts;
        getStyleClass().add("with-button");
        setAlignment(Pos.CENTER_LEFT);
        chooser.setId(id + "-profiles");
        chooser.setItems(model.shelf().entries());
        chooser.setPromptText(texts.get("connect.profiles.prompt"));
        chooser.setAccessibleText(texts.get("connect.profiles"));
        chooser.setMaxWidth(Double.MAX_VALUE);
        chooser.setMinWidth(0);
        chooser.setPrefWidth(100);
        HBox.setHgrow(chooser, Priority.ALWAYS);
        chooser.setCellFactory(_ -> new EntryCell());
        chooser.setButtonCell(new EntryCell());
        chooser.valueProperty().subscribe(this::fill);
        var save = new Button(texts.get("connect.profile.save"), new FontIcon(Feather.SAVE));
        save.setId(id + "-save");
        save.setMinWidth(USE_PREF_SIZE);
        Hints.explain(save, texts.get("connect.profile.save.explain"));
        save.disableProperty().bind(form.profile().map(Optional::isEmpty));
        save.setOnAction(_ -> form.profile().getValue().ifPresent(profile -> {
            model.shelf().save(profile);
            choose(profile.name());
        }));
        getChildren().addAll(chooser, save, menu(id));
    }

    private MenuButton menu(String id) {
        var menu = new MenuButton("", new FontIcon(Feather.MORE_HORIZONTAL));
        menu.setId(id + "-more");
        menu.getStyleClass().addAll("button-icon", "no-arrow");
        Hints.explain(menu, texts.get("connect.profile.more"));
        rename.setMnemonicParsing(false);
        rename.setOnAction(_ -> {
            var to = form.name().get().strip();
            chosen().ifPresent(from -> model.shelf().rename(from.name(), to));
            choose(to);
        });
        delete.setMnemonicParsing(false);
        var imports = new MenuItem(texts.get("connect.import"), new FontIcon(Feather.DOWNLOAD));
        imports.setOnAction(_ -> model.shelf().importFile());
        var exports = new MenuItem(texts.get("connect.export"), new FontIcon(Feather.UPLOAD));
        exports.setOnAction(_ -> model.shelf().exportFile());
        menu.getItems().addAll(rename, delete, new SeparatorMenuItem(), imports, exports);
        menu.setOnShowing(_ -> offer());
        offer();
        return menu;
    }

    /// What can be done with the chosen profile, by its name.
    private void offer() {
        var chosen = chosen();
        var to = form.name().get().strip();
        boolean renames =
                chosen.isPresent() && !to.isEmpty() && !to.equals(chosen.get().name());
        rename.setText(renames ? texts.get("connect.profile.rename", to) : texts.get("connect.profile.rename.how"));
        rename.setDisable(!renames);
        delete.setText(texts.get("connect.profile.delete"));
        delete.setDisable(chosen.isEmpty());
        delete.getItems().clear();
        chosen.ifPresent(profile -> {
            // A second step instead of a dialog
            var sure = new MenuItem(texts.get("connect.profile.delete.sure", profile.name()));
            sure.setMnemonicParsing(false);
            sure.setOnAction(_ -> model.shelf().delete(profile.name()));
            delete.getItems().add(sure);
        });
    }

    private Optional<Profile> chosen() {
        return chooser.getValue() instanceof ProfileShelf.Entry.Saved(Profile profile)
                ? Optional.of(profile)
                : Optional.empty();
    }

    private void fill(ProfileShelf.Entry entry) {
        switch (entry) {
            case null -> {
                // The shelf was renewed; the fields stay as they are
            }
            case ProfileShelf.Entry.Saved(Profile profile) -> form.fill(profile);
            case ProfileShelf.Entry.Service(var name, var said) -> {
                form.fill(said);
                form.name().set(name);
            }
        }
    }

    private void choose(String name) {
        chooser.getItems().stream()
                .filter(entry -> entry instanceof ProfileShelf.Entry.Saved
                        && entry.name().equals(name))
                .findFirst()
                .ifPresent(chooser::setValue);
    }

    private final class EntryCell extends ListCell<ProfileShelf.Entry> {
        @Override
        protected void updateItem(ProfileShelf.Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            setMnemonicParsing(false);
            if (empty || entry == null) {
                setText(null);
                setGraphic(null);
                return;
            }
            setText(
                    entry instanceof ProfileShelf.Entry.Service
                            ? texts.get("connect.service", entry.name())
                            : entry.name());
            setGraphic(
                    new FontIcon(entry instanceof ProfileShelf.Entry.Service ? Feather.FILE_TEXT : Feather.DATABASE));
        }
    }
}
