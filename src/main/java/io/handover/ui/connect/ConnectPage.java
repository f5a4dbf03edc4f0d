package io.handover.ui.connect;

import io.handover.model.Command;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.Derived;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Two servers to choose; once they are chosen, what the preflight found.
public final class ConnectPage implements Page {

    private final ConnectViewModel model;
    private final UiContext context;
    private final Texts texts;
    private final VBox node = new VBox();
    private final Node choosing;
    private final Node chosen;

    /// For the window of `context`.
    public ConnectPage(UiContext context) {
        this(context, new ConnectViewModel(context));
    }

    ConnectPage(UiContext context, ConnectViewModel model) {
        this.context = context;
        this.model = model;
        this.texts = context.texts();
        this.choosing = choosing();
        this.chosen = chosen();
        node.getStyleClass().add("page-body");
        // It is text: scrolled when there is too much of it, never squeezed
        node.setMinHeight(Region.USE_PREF_SIZE);
        model.state().subscribe(state -> node.getChildren().setAll(state.isPresent() ? chosen : choosing));
    }

    @Override
    public PageId id() {
        return PageId.CONNECT;
    }

    @Override
    public String title() {
        return texts.get("connect.title");
    }

    @Override
    public ObservableValue<String> subtitle() {
        return model.subtitle();
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return model.primary();
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return model.canGoNext();
    }

    @Override
    public void enter() {
        model.enter();
    }

    private Node choosing() {
        var problem = new Banner(texts, model.problem().map(p -> p.map(one -> Message.of(Tone.BAD, one))));
        problem.setId("connect-problem");
        var swap = new Button("", new FontIcon(Feather.REPEAT));
        swap.setId("swap");
        swap.getStyleClass().addAll("button-icon", "flat");
        Hints.explain(swap, texts.get("connect.swap"));
        swap.setMinWidth(Region.USE_PREF_SIZE);
        swap.setOnAction(_ -> model.swap());
        var arrow = new VBox(new FontIcon(Feather.ARROW_RIGHT), swap);
        arrow.getStyleClass().add("endpoint-arrow");
        var cards = new HBox(card(Side.SOURCE), arrow, card(Side.TARGET));
        cards.getStyleClass().add("endpoint-row");
        var said = new Label();
        said.setId("profile-said");
        said.textProperty().bind(model.shelf().said());
        said.getStyleClass().addAll("quiet", "small");
        said.visibleProperty().bind(said.textProperty().isNotEmpty());
        said.managedProperty().bind(said.visibleProperty());
        var box = new VBox(
                problem,
                new SavedView(model, context),
                new VaultBar(model, texts),
                cards,
                said,
                new ReachPane(model, texts));
        box.getStyleClass().add("sections");
        return box;
    }

    private Node card(Side side) {
        var card = new EndpointCard(side, model, texts, context.files());
        // About what it gets: an HBox reckons heights for the widths its parts ask for
        card.setPrefWidth(300);
        HBox.setHgrow(card, Priority.ALWAYS);
        return card;
    }

    private Node chosen() {
        var box = new VBox(failed(), new FindingsView(model, texts, context.zone(), change()));
        box.getStyleClass().add("sections");
        return box;
    }

    private Node change() {
        var button = new Button(texts.get("connect.change"), new FontIcon(Feather.EDIT_2));
        button.setId("change");
        button.getStyleClass().add("small");
        button.setOnAction(_ -> model.change());
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.visibleProperty().bind(model.canChange());
        button.managedProperty().bind(button.visibleProperty());
        return button;
    }

    /// A check that failed as such: a server went away, for example.
    private Node failed() {
        var retry = new Button(texts.get("connect.retry"), new FontIcon(Feather.ROTATE_CW));
        retry.setId("connect-retry");
        retry.setOnAction(_ -> model.retry());
        retry.disableProperty()
                .bind(Derived.of(() -> context.refusal(new Command.Retry()).isPresent(), model.state()));
        var banner = new Banner(
                texts,
                model.state()
                        .map(state -> state.filter(ConnectPage::failedHere)
                                .flatMap(MigrationState::problem)
                                .map(problem -> Message.of(Tone.BAD, problem))));
        banner.setId("check-problem");
        return banner.with(retry);
    }

    private static boolean failedHere(MigrationState state) {
        return state.stage() == Stage.FAILED
                && state.failedStage().map(Stage::leavesServersUntouched).orElse(true);
    }
}
