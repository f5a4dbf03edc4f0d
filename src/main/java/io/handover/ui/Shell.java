package io.handover.ui;

import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Orientation;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The window's frame: rail, pair of servers, page, drawer, footer, status bar. It knows no page, only where to get
/// them; each is made when it is first shown.
public final class Shell extends StackPane {

    /// Narrower than this, the rail shows numbers only.
    private static final double NARROW = 960;

    private final UiContext context;
    private final Texts texts;
    private final Map<PageId, Supplier<Page>> makers;
    private final Map<PageId, Page> pages = new EnumMap<>(PageId.class);
    private final ReadOnlyObjectWrapper<PageId> current = new ReadOnlyObjectWrapper<>(PageId.CONNECT);
    private final SqlDrawerViewModel sql;
    private final SqlDrawer drawer;
    private final SplitPane middle = new SplitPane();
    private final Label title = new Label();
    private final Label subtitle = new Label();
    private final ScrollPane scroll = new ScrollPane();
    private final FooterBar footer;
    private final HelpOverlay help;
    private Subscription following = Subscription.EMPTY;
    private PageId beforeSettings = PageId.CONNECT;
    private double drawerAt = 0.55;

    /// @param makers makes each page, once
    public Shell(UiContext context, Map<PageId, Supplier<Page>> makers) {
        this.context = context;
        this.texts = context.texts();
        this.makers = new EnumMap<>(makers);
        this.sql = new SqlDrawerViewModel(context);
        this.drawer = new SqlDrawer(sql, texts, context.zone());
        this.help = new HelpOverlay(texts);
        this.footer = new FooterBar(texts, this::back, this::next);
        getStyleClass().add("shell");
        var rail = new StepRail(new RailViewModel(context, current), texts, this::go, help::toggle);
        var frame = new BorderPane();
        frame.setLeft(rail);
        frame.setCenter(center());
        frame.setBottom(new StatusBar(new StatusViewModel(context), texts, sql.open()));
        getChildren().addAll(frame, help);
        widthProperty().subscribe(width -> rail.setCompact(width.doubleValue() < NARROW));
        sql.open().subscribe(this::openDrawer);
        context.wanted()
                .subscribe(wanted -> wanted.ifPresent(page -> {
                    context.wanted().set(Optional.empty());
                    go(page);
                }));
        context.migration().subscribe(_ -> goHome());
        context.state().subscribe(state -> follow(state));
        sceneProperty().subscribe(scene -> {
            if (scene != null) {
                ShellKeys.install(scene.getAccelerators(), this);
            }
        });
    }

    /// The page that is shown.
    public ReadOnlyObjectProperty<PageId> current() {
        return current.getReadOnlyProperty();
    }

    /// Shows `page` if it can be reached.
    public void go(PageId page) {
        var maker = makers.get(page);
        if (maker == null || !Navigation.reachable(page, context.state().get())) {
            return;
        }
        var shown = pages.get(current.get());
        if (shown != null && page == current.get()) {
            return;
        }
        if (shown != null) {
            shown.leave();
        }
        if (page == PageId.SETTINGS) {
            beforeSettings = current.get();
        }
        context.notice().set(Optional.empty());
        var next = pages.computeIfAbsent(page, _ -> maker.get());
        current.set(page);
        show(next);
        next.enter();
    }

    /// The next step.
    void next() {
        var page = pages.get(current.get());
        if (page != null && page.canGoNext().getValue()) {
            Navigation.after(current.get()).ifPresent(this::go);
        }
    }

    /// The step before, or the page before the settings.
    void back() {
        if (current.get() == PageId.SETTINGS) {
            go(beforeSettings);
        } else {
            Navigation.before(current.get()).ifPresent(this::go);
        }
    }

    /// Does what the primary button does.
    void primary() {
        footer.fire();
    }

    /// Shows or hides the keys.
    void toggleHelp() {
        help.toggle();
    }

    /// Shows or hides the statements.
    void toggleDrawer() {
        sql.open().set(!sql.open().get());
    }

    /// Whether the window may be closed now. If not, the reason shows above the page.
    public boolean mayClose() {
        var state = context.state().get();
        if (state.isEmpty() || !state.get().stage().isCutover()) {
            return true;
        }
        context.tell(new Problem(
                "cutover-running",
                texts.get("close.refused"),
                texts.get("close.refused.meaning"),
                texts.get("close.refused.action"),
                ""));
        return false;
    }

    private VBox center() {
        title.setId("page-title");
        title.getStyleClass().add("page-title");
        subtitle.setId("page-subtitle");
        subtitle.getStyleClass().add("page-subtitle");
        subtitle.setWrapText(true);
        var header = new VBox(title, subtitle);
        header.getStyleClass().add("page-header");
        header.setMinHeight(USE_PREF_SIZE);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.getStyleClass().addAll("edge-to-edge", "page-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        var page = new VBox(notice(), header, scroll);
        page.getStyleClass().add("page");
        page.setMinHeight(120);
        middle.setOrientation(Orientation.VERTICAL);
        middle.getStyleClass().add("middle");
        middle.getItems().add(page);
        VBox.setVgrow(middle, Priority.ALWAYS);
        return new VBox(new ServerPair(context), middle, footer);
    }

    private VBox notice() {
        var close = new Button("", new FontIcon(Feather.X));
        close.setId("notice-close");
        close.getStyleClass().addAll("flat", "button-icon");
        Hints.explain(close, texts.get("notice.close"));
        close.setOnAction(_ -> context.notice().set(Optional.empty()));
        var banner = new Banner(texts, context.notice().map(p -> p.map(problem -> Message.of(Tone.WARN, problem))));
        banner.setId("notice");
        banner.getChildren().add(close);
        var box = new VBox(banner);
        box.getStyleClass().add("notice");
        box.visibleProperty().bind(banner.visibleProperty());
        box.managedProperty().bind(banner.visibleProperty());
        return box;
    }

    private void show(Page page) {
        following.unsubscribe();
        title.setText(page.title());
        var node = page.node();
        if (!node.getStyleClass().contains("page-body")) {
            node.getStyleClass().add("page-body"); // the margin is the frame's, the same for every page
        }
        scroll.setContent(node);
        scroll.setVvalue(0);
        following = page.subtitle()
                .subscribe(subtitle::setText)
                .and(page.primary().subscribe(_ -> renewFooter()))
                .and(page.canGoNext().subscribe(_ -> renewFooter()));
    }

    private void renewFooter() {
        var page = pages.get(current.get());
        if (page == null) {
            return;
        }
        var next = Navigation.after(current.get());
        boolean canGoBack = current.get() == PageId.SETTINGS
                || Navigation.before(current.get()).isPresent();
        boolean canGoOn = page.canGoNext().getValue()
                && next.map(id -> makers.containsKey(id)
                                && Navigation.reachable(id, context.state().get()))
                        .orElse(false);
        footer.show(canGoBack, page.primary().getValue(), next.map(id -> texts.of("step", id)), canGoOn);
    }

    /// A migration was found or begun: where it is at home, there the window goes.
    private void goHome() {
        var home = context.state().get().map(Navigation::home).orElse(PageId.CONNECT);
        go(makers.containsKey(home) ? home : PageId.CONNECT);
    }

    /// A page that can no longer be reached, after a discard for example, is left.
    private void follow(Optional<MigrationState> state) {
        if (!Navigation.reachable(current.get(), state)) {
            goHome();
        }
        renewFooter();
    }

    private void openDrawer(boolean open) {
        if (open && !middle.getItems().contains(drawer)) {
            middle.getItems().add(drawer);
            middle.setDividerPositions(drawerAt);
            drawer.focus();
        } else if (!open && middle.getItems().contains(drawer)) {
            drawerAt = middle.getDividerPositions()[0];
            middle.getItems().remove(drawer);
        }
    }
}
