package io.handover.ui;

import io.handover.model.Environment;
import io.handover.model.MigrationState;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.ui.control.EnvironmentTag;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The bar above every page: which server hands over to which, what each is for, and who owns the data now.
final class ServerPair extends HBox {

    private static final PseudoClass PRODUCTION = PseudoClass.getPseudoClass("production");
    private static final PseudoClass OWNER = PseudoClass.getPseudoClass("owner");

    private final Texts texts;
    private final ServerLabel source;
    private final ServerLabel target;
    private final Label arrow = new Label();
    private final Label nobody;

    ServerPair(UiContext context) {
        this.texts = context.texts();
        getStyleClass().add("server-pair");
        setAlignment(Pos.CENTER_LEFT);
        setAccessibleRole(AccessibleRole.TEXT);
        source = new ServerLabel("pair-source");
        target = new ServerLabel("pair-target");
        arrow.getStyleClass().add("pair-arrow");
        arrow.setMinWidth(USE_PREF_SIZE);
        nobody = new Label(texts.get("pair.nobody"));
        nobody.getStyleClass().add("quiet");
        // Each has half the room at most, so that one long name does not push the other out
        var half = widthProperty().subtract(110).divide(2);
        source.maxWidthProperty().bind(half);
        target.maxWidthProperty().bind(half);
        context.state().subscribe(this::show);
    }

    private void show(Optional<MigrationState> state) {
        if (state.isEmpty()) {
            getChildren().setAll(nobody);
            setAccessibleText(nobody.getText());
            pseudoClassStateChanged(PRODUCTION, false);
            return;
        }
        var plan = state.get().plan();
        var owner = state.get().owner();
        source.show(plan.source(), owner == Side.SOURCE);
        target.show(plan.target(), owner == Side.TARGET);
        // The arrow points the way the changes flow
        arrow.setGraphic(new FontIcon(owner == Side.SOURCE ? Feather.ARROW_RIGHT : Feather.ARROW_LEFT));
        getChildren().setAll(source, arrow, target);
        pseudoClassStateChanged(PRODUCTION, isProduction(plan.source()) || isProduction(plan.target()));
        setAccessibleText(texts.get(
                "pair.said",
                said(plan.source()),
                said(plan.target()),
                plan.profile(owner).name()));
    }

    private static boolean isProduction(Profile profile) {
        return profile.environment() == Environment.PRODUCTION;
    }

    private String said(Profile profile) {
        return texts.of("environment", profile.environment()) + " " + profile.name() + ", " + profile.address();
    }

    /// One server: name and tag, below them its address and whether it owns the data.
    private final class ServerLabel extends HBox {
        private final Label name = Hints.name("");
        private final Label address = Hints.name("");
        private final EnvironmentTag tag = new EnvironmentTag(texts, Environment.UNTAGGED);
        private final Label owns = new Label(texts.get("pair.owns"), new FontIcon(Feather.KEY));

        ServerLabel(String id) {
            setId(id);
            getStyleClass().add("pair-server");
            setAlignment(Pos.CENTER_LEFT);
            setMinWidth(0);
            name.getStyleClass().add("pair-name");
            address.getStyleClass().add("pair-address");
            owns.getStyleClass().add("pair-owns");
            owns.setMinWidth(USE_PREF_SIZE);
            owns.managedProperty().bind(owns.visibleProperty());
            var first = new HBox(name, tag);
            var second = new HBox(address, owns);
            for (HBox row : new HBox[] {first, second}) {
                row.setAlignment(Pos.CENTER_LEFT);
                row.getStyleClass().add("pair-row");
                row.setMinWidth(0);
            }
            var words = new VBox(first, second);
            words.setMinWidth(0);
            words.setAlignment(Pos.CENTER_LEFT);
            words.getStyleClass().add("pair-words");
            HBox.setHgrow(words, Priority.SOMETIMES);
            getChildren().addAll(new FontIcon(Feather.DATABASE), words);
        }

        void show(Profile profile, boolean owner) {
            Hints.rename(name, profile.name());
            Hints.rename(address, profile.address());
            address.setTooltip(Hints.tooltip(texts.get(
                    "pair.login",
                    profile.address(),
                    profile.user(),
                    profile.tls().word())));
            tag.show(profile.environment());
            tag.setVisible(profile.environment() != Environment.UNTAGGED);
            tag.setManaged(tag.isVisible());
            owns.setVisible(owner);
            pseudoClassStateChanged(OWNER, owner);
        }
    }
}
