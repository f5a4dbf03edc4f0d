package io.handover.ui.cutover;

import io.handover.model.CutoverReport;
import io.handover.model.Side;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.TroubleBanner;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Card;
import io.handover.ui.control.ConfirmField;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TileRow;
import io.handover.ui.control.TypedConfirmation;
import io.handover.ui.cutover.CutoverViewModel.Phase;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Gates and options, the cutover itself, and the window in which one can go back.
public final class CutoverPage implements Page {

    private final UiContext context;
    private final CutoverViewModel model;
    private final VBox node = new VBox();
    private final LiveFigures live;
    private final ObservableValue<String> subtitle;
    private final ObservableValue<Optional<PrimaryAction>> primary;

    /// Bound to the migration of `context`.
    public CutoverPage(UiContext context) {
        this.context = context;
        Texts texts = context.texts();
        model = new CutoverViewModel(context);
        live = new LiveFigures(model, texts);
        subtitle = model.phase().map(phase -> texts.of("cutover.subtitle", phase));
        primary = model.primary();
        var result = new Banner(texts, model.result());
        result.setId("cutover-result");
        node.setId("cutover");
        node.getStyleClass().add("page-column");
        node.getChildren()
                .addAll(
                        TroubleBanner.of(context, "cutover-trouble"),
                        result,
                        during(live.node(), EnumSet.of(Phase.DURING)),
                        during(window(texts), EnumSet.of(Phase.WINDOW)),
                        during(rollBack(texts), EnumSet.of(Phase.WINDOW)), // whoever needs it is in a hurry
                        during(new GateList(model, texts).node(), EnumSet.of(Phase.BEFORE, Phase.WINDOW)),
                        during(new OptionsForm(model, texts).node(), EnumSet.of(Phase.BEFORE)),
                        during(confirmation(texts), EnumSet.of(Phase.BEFORE)),
                        timeline(texts),
                        hooks(texts),
                        notes(texts));
    }

    private Node during(Node part, Set<Phase> when) {
        part.visibleProperty().bind(model.phase().map(when::contains));
        part.managedProperty().bind(part.visibleProperty());
        return part;
    }

    private Node confirmation(Texts texts) {
        var field = new ConfirmField(
                "cutover-confirm", model.database(Side.TARGET).map(name -> texts.get("cutover.type", name)));
        field.textProperty().bindBidirectional(model.typed());
        var predicted = new Figure("cutover-predicted", texts.get("cutover.predicted"), model.predicted());
        predicted.setMinWidth(190);
        var runbook = new Hyperlink(texts.get("cutover.runbook"));
        runbook.setId("cutover-runbook");
        runbook.setOnAction(_ -> {
            runbook.setVisited(false);
            model.saveRunbook();
        });
        var rehearse = new Hyperlink(texts.get("cutover.rehearse"));
        rehearse.setId("cutover-rehearse");
        rehearse.disableProperty().bind(model.rehearsalRefusal().map(Optional::isPresent));
        rehearse.setOnAction(_ -> {
            rehearse.setVisited(false);
            model.rehearse();
        });
        var found = new Label();
        found.setId("cutover-rehearsal");
        found.setWrapText(true);
        found.setMinHeight(Region.USE_PREF_SIZE);
        found.getStyleClass().addAll("quiet", "small");
        found.textProperty().bind(model.rehearsal());
        found.visibleProperty().bind(model.rehearsal().map(text -> !text.isEmpty()));
        found.managedProperty().bind(found.visibleProperty());
        return new Card(
                texts.get("cutover.confirm"),
                new Node[] {rehearse, runbook},
                new TileRow(210, predicted, new VBox(field)),
                found);
    }

    private Node window(Texts texts) {
        return new TileRow(
                170,
                new Figure("window-left", texts.get("cutover.window"), model.window()),
                new Figure("window-lag", texts.get("cutover.reverse"), model.reverse()));
    }

    private Node rollBack(Texts texts) {
        var icon = new FontIcon(Feather.CORNER_UP_LEFT);
        var confirm = new TypedConfirmation(
                "rollback",
                texts,
                texts.get("cutover.back.act"),
                icon,
                model.database(Side.SOURCE),
                model.rollBackRefusal(),
                model::rollBack);
        var link = new Hyperlink(texts.get("cutover.toRetire"));
        link.setId("to-retire");
        link.setOnAction(_ -> {
            link.setVisited(false);
            model.goToRetire();
        });
        var unsent = new Hyperlink(texts.get("cutover.unsent"));
        unsent.setId("cutover-unsent");
        unsent.setOnAction(_ -> {
            unsent.setVisited(false);
            model.readUnsent();
        });
        return new Card(
                texts.get("cutover.back"),
                new Node[] {unsent, link},
                new Banner(texts, model.wayBack()),
                new UnsentPart(model, texts).node(),
                confirm);
    }

    private Node timeline(Texts texts) {
        var view = new TimelineView(texts);
        var card = new Card(texts.get("cutover.timeline"), view);
        model.last().subscribe(report -> {
            var entries = report.map(CutoverReport::timeline);
            show(card, entries.filter(list -> !list.isEmpty()).isPresent());
            entries.ifPresent(view::show);
        });
        return card;
    }

    private Node hooks(Texts texts) {
        var view = new HooksView(texts);
        var card = new Card(texts.get("cutover.hooks"), view);
        model.last().map(report -> report.map(CutoverReport::hooks)).subscribe(runs -> {
            show(card, runs.filter(list -> !list.isEmpty()).isPresent());
            runs.ifPresent(view::show);
        });
        return card;
    }

    private Node notes(Texts texts) {
        var label = new Label();
        label.setId("cutover-notes");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        var card = new Card(texts.get("cutover.notes"), label);
        model.last().subscribe(report -> {
            var notes = report.map(CutoverReport::notes).filter(list -> !list.isEmpty());
            show(card, notes.isPresent());
            label.setText(notes.map(list -> String.join("\n", list)).orElse(""));
        });
        return card;
    }

    private static void show(Node part, boolean visible) {
        part.setVisible(visible);
        part.setManaged(visible);
    }

    @Override
    public void enter() {
        live.run(true);
    }

    @Override
    public void leave() {
        live.run(false);
    }

    @Override
    public PageId id() {
        return PageId.CUTOVER;
    }

    @Override
    public String title() {
        return context.texts().get("cutover.title");
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
        return primary;
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return model.canGoNext();
    }
}
