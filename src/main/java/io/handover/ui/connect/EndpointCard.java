package io.handover.ui.connect;

import io.handover.model.Environment;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.ui.FilePicker;
import io.handover.ui.control.EnvironmentTag;
import io.handover.ui.control.Field;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The form for one server.
final class EndpointCard extends VBox {

    private final EndpointForm form;
    private final ConnectViewModel model;
    private final Texts texts;
    private final FilePicker files;
    private final String id;

    EndpointCard(Side side, ConnectViewModel model, Texts texts, FilePicker files) {
        this.model = model;
        this.form = model.form(side);
        this.texts = texts;
        this.files = files;
        this.id = side.word();
        getStyleClass().addAll("ho-card", "endpoint-card");
        setId(id + "-card");
        setMinWidth(0);
        getChildren()
                .addAll(
                        top(side),
                        new ProfileBar(id, model, form, texts),
                        paste(),
                        row(named(), environment()),
                        row(
                                field("host", form.host(), form.hostWrong()),
                                fixed(field("port", form.port(), form.portWrong()), 84)),
                        row(
                                field("database", form.database(), form.databaseWrong()),
                                field("user", form.user(), form.userWrong())),
                        password(),
                        row(tls(), certificate()),
                        new TestResult(id, model.test(side), texts));
    }

    private Node top(Side side) {
        var title = new Label(texts.of("connect.side", side));
        title.getStyleClass().add("card-title");
        title.setMinWidth(USE_PREF_SIZE);
        var tag = new EnvironmentTag(texts, Environment.UNTAGGED);
        form.environment().subscribe(now -> {
            tag.show(now);
            tag.setVisible(now != Environment.UNTAGGED);
        });
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var test = new Button(texts.get("connect.test"), new FontIcon(Feather.ZAP));
        test.setId(id + "-test");
        test.setMinWidth(USE_PREF_SIZE);
        test.setOnAction(_ -> model.test(side).run());
        test.disableProperty().bind(model.test(side).state().map(TestState.Running.class::isInstance));
        var row = new HBox(title, tag, room, test);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("card-top");
        return row;
    }

    private Node paste() {
        var text = new TextField();
        text.setId(id + "-uri");
        text.setPromptText(texts.get("connect.uri.prompt"));
        text.textProperty().bindBidirectional(form.pasted());
        text.setOnAction(_ -> form.readPasted());
        text.focusedProperty().subscribe(focused -> {
            if (!focused) {
                form.readPasted();
            }
        });
        return new Field(texts.get("connect.uri"), text, form.pasteNote());
    }

    private Node named() {
        var text = new TextField();
        text.setId(id + "-name");
        text.textProperty().bindBidirectional(form.name());
        var proposed = form.profile().map(p -> p.map(profile -> profile.name()).orElse(""));
        text.promptTextProperty().bind(proposed);
        return new Field(texts.get("connect.name"), text);
    }

    private Node environment() {
        var box = new ComboBox<Environment>();
        box.setId(id + "-environment");
        box.getItems().setAll(Environment.values());
        box.setConverter(words("environment"));
        box.valueProperty().bindBidirectional(form.environment());
        box.setMaxWidth(Double.MAX_VALUE);
        return fixed(new Field(texts.get("connect.environment"), box), 130);
    }

    private Node field(String name, javafx.beans.property.StringProperty value, ObservableValue<String> wrong) {
        var text = new TextField();
        text.setId(id + "-" + name);
        text.textProperty().bindBidirectional(value);
        return new Field(texts.get("connect." + name), text, wrong);
    }

    private Node password() {
        var text = new PasswordField();
        text.setId(id + "-password");
        text.textProperty().bindBidirectional(form.password());
        var note = Derived.of(
                () -> form.profile().getValue().map(model.passwords()::note).orElse(""),
                form.profile(),
                model.passwords().unlocked());
        text.promptTextProperty().bind(note);
        var remember = new CheckBox(texts.get("connect.remember"));
        remember.setId(id + "-remember");
        remember.selectedProperty().bindBidirectional(form.remember());
        remember.setTooltip(Hints.tooltip(texts.get("connect.remember.explain")));
        form.profile()
                .subscribe(profile -> profile.ifPresent(p -> {
                    if (model.passwords().remembers(p)) {
                        form.remember().set(true);
                    }
                }));
        return new VBox(new Field(texts.get("connect.password"), text), remember) {
            {
                getStyleClass().add("password-box");
            }
        };
    }

    private Node tls() {
        var box = new ComboBox<TlsMode>();
        box.setId(id + "-tls");
        box.getItems().setAll(TlsMode.values());
        box.setConverter(words("tls"));
        box.valueProperty().bindBidirectional(form.tls());
        box.setMaxWidth(Double.MAX_VALUE);
        return new Field(texts.get("connect.tls"), box);
    }

    private Node certificate() {
        var text = new TextField();
        text.setId(id + "-certificate");
        text.setPromptText(texts.get("connect.certificate.prompt"));
        text.textProperty().bindBidirectional(form.rootCertificate());
        HBox.setHgrow(text, Priority.ALWAYS);
        var pick = new Button("", new FontIcon(Feather.FOLDER));
        pick.setId(id + "-certificate-pick");
        pick.getStyleClass().add("button-icon");
        Hints.explain(pick, texts.get("connect.certificate.pick"));
        pick.setOnAction(
                _ -> files.open(texts.get("connect.certificate.pick"), texts.get("connect.certificate.files"), "*.*")
                        .ifPresent(file -> form.rootCertificate().set(file.toString())));
        var both = new HBox(text, pick);
        both.getStyleClass().add("with-button");
        both.setAccessibleText(texts.get("connect.certificate"));
        var field = new Field(texts.get("connect.certificate"), both);
        field.visibleProperty().bind(form.tls().map(EndpointForm::needsCertificate));
        field.managedProperty().bind(field.visibleProperty());
        return field;
    }

    private <E extends Enum<E>> StringConverter<E> words(String key) {
        return new StringConverter<>() {
            @Override
            public String toString(E value) {
                return value == null ? "" : texts.of(key, value);
            }

            @Override
            public E fromString(String text) {
                throw new UnsupportedOperationException("not editable");
            }
        };
    }

    private static Node fixed(Node node, double width) {
        if (node instanceof Region region) {
            region.setMinWidth(width);
            region.setPrefWidth(width);
            region.setMaxWidth(width);
        }
        return node;
    }

    /// Parts that share the width evenly, but for those that are fixed.
    private static Node row(Node... parts) {
        var row = new HBox(parts);
        row.getStyleClass().add("form-row");
        for (Node part : parts) {
            if (part instanceof Region region && region.getMaxWidth() < 0) {
                region.setPrefWidth(100);
                HBox.setHgrow(region, Priority.ALWAYS);
            }
        }
        return row;
    }
}
