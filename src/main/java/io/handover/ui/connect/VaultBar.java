package io.handover.ui.connect;

import io.handover.model.Side;
import io.handover.ui.control.Field;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Asks for the master password: when there are remembered passwords, or when one is to be remembered.
final class VaultBar extends HBox {

    VaultBar(ConnectViewModel model, Texts texts) {
        var passwords = model.passwords();
        setId("vault");
        getStyleClass().addAll("ho-card", "vault");
        setAlignment(Pos.CENTER_LEFT);
        var words = new Label();
        words.setGraphic(new FontIcon(Feather.KEY));
        words.setWrapText(true);
        words.setMinWidth(0);
        words.textProperty()
                .bind(passwords.exist().map(there -> texts.get(there ? "connect.vault.locked" : "connect.vault.new")));
        HBox.setHgrow(words, Priority.ALWAYS);
        words.setMaxWidth(Double.MAX_VALUE);
        var master = new PasswordField();
        master.setId("vault-master");
        master.setPrefColumnCount(14);
        var field = new Field(texts.get("connect.vault.master"), master, passwords.wrong());
        field.setMinWidth(180);
        var open = new Button();
        open.setId("vault-open");
        open.textProperty()
                .bind(passwords.exist().map(there -> texts.get(there ? "connect.vault.open" : "connect.vault.begin")));
        open.setMinWidth(USE_PREF_SIZE);
        open.disableProperty().bind(passwords.busy());
        Runnable unlock = () -> {
            passwords.unlock(master.getText());
            master.clear();
        };
        open.setOnAction(_ -> unlock.run());
        master.setOnAction(_ -> unlock.run());
        getChildren().addAll(words, field, open);
        var asked = Derived.of(
                () -> !passwords.unlocked().get()
                        && (passwords.exist().get()
                                || model.form(Side.SOURCE).remember().get()
                                || model.form(Side.TARGET).remember().get()),
                passwords.unlocked(),
                passwords.exist(),
                model.form(Side.SOURCE).remember(),
                model.form(Side.TARGET).remember());
        visibleProperty().bind(asked);
        managedProperty().bind(visibleProperty());
    }
}
