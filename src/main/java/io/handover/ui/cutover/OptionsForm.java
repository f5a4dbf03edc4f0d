package io.handover.ui.cutover;

import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Secret;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Scrolling;
import io.handover.ui.control.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// How the cutover goes: a line that sums it up, and the form behind it.
final class OptionsForm {

    private final CutoverViewModel model;
    private final Texts texts;
    private final ObjectProperty<FreezeMethod> freeze = new SimpleObjectProperty<>(FreezeMethod.LOCK_TABLES);
    private final TextField deadline = field("option-deadline", 6);
    private final TextField window = field("option-window", 6);
    private final TextField before = field("hook-before-freeze", 40);
    private final TextField switchOver = field("hook-switch", 40);
    private final TextField healthUrl = field("hook-health-url", 40);
    private final TextField healthCommand = field("hook-health-command", 40);
    private final CheckBox healthWrites = new CheckBox();
    private final TextField after = field("hook-after", 40);
    private final TextField limit = field("hook-limit", 6);
    private final RoleBoxes roles;
    private final TextArea poolers = new TextArea();
    private final PasswordField consolePassword = new PasswordField();
    private final Label wrong = new Label();
    private final Button edit;
    private final Button save;
    private final VBox form = new VBox();
    private final VBox card;

    OptionsForm(CutoverViewModel model, Texts texts) {
        this.model = model;
        this.texts = texts;
        roles = new RoleBoxes(texts, this::judge);
        var title = new Label(texts.get("cutover.options"));
        title.getStyleClass().add("card-title");
        var summary = new Label();
        summary.setId("options-summary");
        summary.getStyleClass().addAll("quiet", "small");
        summary.setWrapText(true);
        summary.setMinHeight(Region.USE_PREF_SIZE);
        summary.textProperty()
                .bind(model.plan().map(plan -> plan.map(model.words()::options).orElse("")));
        var words = new VBox(title, summary);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        edit = new Button(texts.get("cutover.options.edit"));
        edit.setId("options-edit");
        edit.setMinWidth(Region.USE_PREF_SIZE);
        edit.setOnAction(_ -> {
            open(true);
            Scrolling.toTop(node());
        });
        edit.disableProperty().bind(model.optionsRefusal().map(Optional::isPresent));
        var top = new HBox(words, edit);
        top.setAlignment(Pos.CENTER_LEFT);
        top.getStyleClass().add("tools");
        save = new Button(texts.get("cutover.options.save"));
        save.setId("cutover-save");
        save.getStyleClass().add("accent");
        save.setOnAction(_ -> read().filter(this::save).ifPresent(_ -> open(false)));
        fillForm();
        form.managedProperty().bind(form.visibleProperty());
        edit.visibleProperty().bind(form.visibleProperty().not());
        card = new VBox(top, form);
        card.getStyleClass().add("ho-card");
        open(false);
        model.plan().subscribe(plan -> {
            if (!form.isVisible()) {
                plan.ifPresent(this::fill);
            }
        });
    }

    Node node() {
        return card;
    }

    private void fillForm() {
        var grid = new GridPane();
        grid.getStyleClass().add("form");
        var names = new ColumnConstraints();
        names.setMinWidth(128);
        var fields = new ColumnConstraints();
        fields.setHgrow(Priority.ALWAYS);
        fields.setMinWidth(120);
        grid.getColumnConstraints().addAll(names, fields);
        var explanation = quiet("");
        explanation.textProperty().bind(freeze.map(model.words()::explain));
        var method = new VBox(
                new Choice<>(
                        "option-freeze", List.of(FreezeMethod.values()), m -> texts.of("cutover.freeze", m), freeze),
                explanation);
        method.getStyleClass().add("tight");
        row(grid, "cutover.option.freeze", method);
        roles.setAccessibleText(texts.get("cutover.option.roles"));
        roles.visibleProperty().bind(freeze.map(FreezeMethod.NAMED_ROLES::equals));
        roles.managedProperty().bind(roles.visibleProperty());
        method.getChildren().add(roles);
        freeze.subscribe(now -> {
            if (now == FreezeMethod.NAMED_ROLES) {
                model.readRoles(roles::offer, roles::failed);
            }
            judge();
        });
        row(grid, "cutover.option.deadline", beside(deadline, "cutover.option.deadline.hint"));
        row(grid, "cutover.option.window", beside(window, "cutover.option.window.hint"));
        row(grid, "cutover.option.before", before);
        row(grid, "cutover.option.switch", switchOver);
        row(grid, "cutover.option.healthUrl", healthUrl);
        row(grid, "cutover.option.healthCommand", healthCommand);
        healthWrites.setId("hook-health-writes");
        healthWrites.setText(texts.get("cutover.option.healthWrites.text"));
        healthWrites.setWrapText(true);
        healthWrites.setMinHeight(Region.USE_PREF_SIZE);
        row(grid, "cutover.option.healthWrites", healthWrites);
        row(grid, "cutover.option.after", after);
        row(grid, "cutover.option.limit", beside(limit, "cutover.option.limit.hint"));
        poolers.setId("option-pgbouncer");
        poolers.setPrefRowCount(2);
        poolers.setPromptText("postgresql://admin@host:6432/database");
        consolePassword.setId("option-pgbouncer-password");
        var pgBouncer = new VBox(poolers, quiet(texts.get("cutover.option.pgbouncer.text")));
        pgBouncer.getStyleClass().add("tight");
        row(grid, "cutover.option.pgbouncer", pgBouncer);
        var secret = new VBox(consolePassword, quiet(texts.get("cutover.option.pgbouncer.password.text")));
        secret.getStyleClass().add("tight");
        row(grid, "cutover.option.pgbouncer.password", secret);
        var cancel = new Button(texts.get("cutover.options.cancel"));
        cancel.setId("options-cancel");
        cancel.setOnAction(_ -> {
            open(false);
            model.plan().getValue().ifPresent(this::fill);
        });
        wrong.setId("options-wrong");
        wrong.getStyleClass().add("gate-remedy");
        wrong.setWrapText(true);
        var buttons = new HBox(save, cancel, wrong);
        buttons.setAlignment(Pos.CENTER_LEFT);
        buttons.getStyleClass().add("tools");
        form.getChildren().addAll(grid, quiet(texts.get("cutover.options.hooks.text")), buttons);
        form.getStyleClass().add("page-column");
        for (TextField field : List.of(deadline, window, limit)) {
            field.textProperty().subscribe(this::judge);
        }
        poolers.textProperty().subscribe(this::judge);
    }

    private void row(GridPane grid, String key, Node field) {
        var label = new Label(texts.get(key));
        label.setLabelFor(field);
        label.setMinWidth(Region.USE_PREF_SIZE);
        field.setAccessibleText(texts.get(key));
        grid.addRow(grid.getRowCount(), label, field);
    }

    private Node beside(TextField field, String hint) {
        field.setMinWidth(64);
        field.setMaxWidth(90);
        var text = quiet(texts.get(hint));
        HBox.setHgrow(text, Priority.ALWAYS);
        var box = new HBox(field, text);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().add("tools");
        return box;
    }

    private static Label quiet(String text) {
        var label = new Label(text);
        label.setWrapText(true);
        label.setMinWidth(0);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().addAll("quiet", "small");
        return label;
    }

    private static TextField field(String id, int columns) {
        var field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(columns);
        return field;
    }

    private void open(boolean open) {
        form.setVisible(open);
        judge();
    }

    private void fill(Plan plan) {
        roles.tick(plan.freezeRoles());
        freeze.set(plan.freeze());
        deadline.setText(Long.toString(plan.deadline().toSeconds()));
        window.setText(Long.toString(plan.window().toHours()));
        before.setText(plan.hooks().beforeFreeze());
        switchOver.setText(plan.hooks().switchOver());
        healthUrl.setText(plan.hooks().healthUrl());
        healthCommand.setText(plan.hooks().healthCommand());
        healthWrites.setSelected(plan.hooks().healthWrites());
        after.setText(plan.hooks().after());
        limit.setText(Long.toString(plan.hooks().timeLimit().toSeconds()));
        poolers.setText(
                String.join("\n", plan.poolers().stream().map(Pooler::uri).toList()));
        consolePassword.clear();
    }

    private void judge() {
        var reason = number(deadline, 1, 600)
                .or(() -> number(window, 0, 10_000))
                .or(() -> number(limit, 1, 3600))
                .or(this::noRole)
                .or(this::wrongPooler);
        wrong.setText(reason.orElse(""));
        save.setDisable(reason.isPresent());
    }

    /// Why `field` is no number in that range; empty if it is one.
    private Optional<String> number(TextField field, long least, long most) {
        try {
            long value = Long.parseLong(field.getText().strip());
            if (value >= least && value <= most) {
                return Optional.empty();
            }
        } catch (NumberFormatException _) {
            // Said below, with the range.
        }
        return Optional.of(texts.get("cutover.options.number", field.getText(), least, most));
    }

    private Optional<String> noRole() {
        return freeze.get() == FreezeMethod.NAMED_ROLES && roles.ticked().isEmpty()
                ? Optional.of(texts.get("cutover.roles.none"))
                : Optional.empty();
    }

    private Optional<String> wrongPooler() {
        try {
            var _ = poolers("database");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private List<Pooler> poolers(String database) {
        return poolers.getText()
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> Pooler.parse(line.strip(), database))
                .toList();
    }

    /// Takes the form's values over, the password of the consoles into memory only.
    private boolean save(Plan changed) {
        if (!consolePassword.getText().isEmpty()) {
            var typed = Secret.of(consolePassword.getText());
            changed.poolers().forEach(pooler -> model.consolePassword(pooler, typed));
        }
        return model.save(changed);
    }

    private Optional<Plan> read() {
        var hooks = new Hooks(
                before.getText().strip(),
                switchOver.getText().strip(),
                healthUrl.getText().strip(),
                healthCommand.getText().strip(),
                after.getText().strip(),
                Duration.ofSeconds(Long.parseLong(limit.getText().strip())),
                healthWrites.isSelected());
        return model.plan()
                .getValue()
                .map(plan -> plan.with(
                                freeze.get(),
                                Duration.ofSeconds(
                                        Long.parseLong(deadline.getText().strip())),
                                Duration.ofHours(Long.parseLong(window.getText().strip())),
                                hooks)
                        .withFreezeRoles(freeze.get() == FreezeMethod.NAMED_ROLES ? roles.ticked() : List.of())
                        .withPoolers(poolers(plan.source().database())));
    }
}
