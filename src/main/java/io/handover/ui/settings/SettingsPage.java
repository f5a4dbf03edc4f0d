package io.handover.ui.settings;

import io.handover.store.Settings;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.Theme;
import io.handover.ui.UiContext;
import io.handover.ui.control.Card;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// Theme, folders, versions and keys. What is chosen counts at once and is saved at once.
public final class SettingsPage implements Page {

    private static final List<String> KEYS =
            List.of("primary", "onward", "back", "steps", "space", "drawer", "settings", "help");

    private final UiContext context;
    private final Texts texts;
    private final ObjectProperty<Settings.Look> look;
    private final VBox node = new VBox();

    /// @param log     the folder of the log
    /// @param version Handover's own
    public SettingsPage(UiContext context, Path log, String version) {
        this.context = context;
        this.texts = context.texts();
        this.look = new SimpleObjectProperty<>(context.store().settings().get().look());
        node.setId("settings");
        node.getStyleClass().add("page-column");
        node.getChildren().addAll(theme(), folders(log), keys(), about(version));
        look.addListener((_, _, now) -> chosen(now));
    }

    private Node theme() {
        var choice = new Choice<>(
                "settings-look",
                List.of(Settings.Look.SYSTEM, Settings.Look.LIGHT, Settings.Look.DARK),
                which -> texts.of("settings.look", which),
                look);
        var hint = new Label(texts.get("settings.look.hint"));
        hint.getStyleClass().addAll("quiet", "small");
        hint.setWrapText(true);
        hint.setMinHeight(Region.USE_PREF_SIZE);
        return new Card(texts.get("settings.look"), new Node[] {choice}, hint);
    }

    private Node folders(Path log) {
        var grid = grid();
        row(grid, 0, "settings.folder.log", path("settings-log", log));
        row(
                grid,
                1,
                "settings.folder.own",
                path("settings-folder", context.store().folder()));
        return new Card(texts.get("settings.folders"), grid);
    }

    private Node keys() {
        var grid = grid();
        for (String key : KEYS) {
            String prefix = key.equals("space") ? "settings." : "help.";
            var caps = new HBox();
            caps.getStyleClass().add("keys");
            for (String cap : texts.get(prefix + "key." + key).split(" ", -1)) {
                var label = new Label(cap);
                label.getStyleClass().add("key");
                label.setMinWidth(Region.USE_PREF_SIZE);
                caps.getChildren().add(label);
            }
            var does = new Label(texts.get(prefix + "does." + key));
            does.setWrapText(true);
            grid.addRow(KEYS.indexOf(key), caps, does);
        }
        return new Card(texts.get("settings.keys"), grid);
    }

    private Node about(String version) {
        var grid = grid();
        row(grid, 0, "settings.about.handover", word("settings-version", version));
        row(
                grid,
                1,
                "settings.about.java",
                word("settings-java", Runtime.version().toString()));
        row(
                grid,
                2,
                "settings.about.javafx",
                word("settings-javafx", System.getProperty("javafx.runtime.version", texts.get("unknown"))));
        row(
                grid,
                3,
                "settings.about.system",
                word(
                        "settings-system",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                                + System.getProperty("os.arch")));
        var fonts = new Label(texts.get("settings.about.fonts"));
        fonts.getStyleClass().addAll("quiet", "small");
        fonts.setWrapText(true);
        fonts.setMinHeight(Region.USE_PREF_SIZE);
        return new Card(texts.get("settings.about"), grid, fonts);
    }

    private static GridPane grid() {
        var grid = new GridPane();
        grid.getStyleClass().add("settings-grid");
        return grid;
    }

    private void row(GridPane grid, int at, String key, Node value) {
        var name = new Label(texts.get(key));
        name.getStyleClass().add("quiet");
        name.setMinWidth(Region.USE_PREF_SIZE);
        name.setLabelFor(value);
        GridPane.setHgrow(value, Priority.ALWAYS);
        grid.addRow(at, name, value);
    }

    /// A field, because a path is there to be copied.
    private TextField path(String id, Path path) {
        var field = word(id, path.toAbsolutePath().toString());
        field.getStyleClass().add("mono");
        return field;
    }

    private static TextField word(String id, String text) {
        var field = new TextField(text);
        field.setId(id);
        field.setEditable(false);
        field.setAccessibleText(text);
        field.getStyleClass().add("settings-value");
        return field;
    }

    private void chosen(Settings.Look now) {
        context.store().settings().change(settings -> settings.with(now));
        var scene = node.getScene();
        if (scene != null) {
            theme(now).dress(scene);
        }
    }

    /// The theme that `look` means on this computer now.
    public static Theme theme(Settings.Look look) {
        return switch (look) {
            case SYSTEM -> Theme.ofSystem();
            case LIGHT -> Theme.LIGHT;
            case DARK -> Theme.DARK;
        };
    }

    @Override
    public PageId id() {
        return PageId.SETTINGS;
    }

    @Override
    public String title() {
        return texts.get("settings.title");
    }

    @Override
    public ObservableValue<String> subtitle() {
        return new SimpleObjectProperty<>(texts.get("settings.sentence"));
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return new SimpleObjectProperty<>(Optional.empty());
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return new SimpleObjectProperty<>(false);
    }
}
