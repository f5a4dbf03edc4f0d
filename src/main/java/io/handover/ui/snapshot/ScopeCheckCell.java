package io.handover.ui.snapshot;

import io.handover.model.Scope;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.function.BiConsumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.WeakChangeListener;
import javafx.scene.control.CheckBox;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeTableCell;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The first cell of a row: box, icon, name. The box of a row that is partly in is neither ticked nor empty.
final class ScopeCheckCell extends TreeTableCell<ScopeNode, ScopeNode> {

    private final Texts texts;
    private final ReadOnlyObjectProperty<Scope> scope;
    private final CheckBox box = new CheckBox();
    private final FontIcon icon = new FontIcon();
    private final HBox graphic = new HBox(box, icon);
    // Held here alone: a cell that the tree throws away must not be kept by the scope.
    private final ChangeListener<Scope> listener = (_, _, _) -> tick();

    ScopeCheckCell(Texts texts, ReadOnlyObjectProperty<Scope> scope, BiConsumer<ScopeNode, Boolean> set) {
        this.texts = texts;
        this.scope = scope;
        getStyleClass().add("scope-cell");
        graphic.getStyleClass().add("scope-graphic");
        setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        // Space on the row does the same: a stop at every box would be 10,000 stops.
        box.setFocusTraversable(false);
        box.setOnAction(_ -> {
            var node = getItem();
            if (node != null) {
                set.accept(node, !Share.of(node.tables(), scope.get()).all());
                tick();
            }
        });
        scope.addListener(new WeakChangeListener<>(listener));
    }

    @Override
    protected void updateItem(ScopeNode node, boolean empty) {
        super.updateItem(node, empty);
        if (empty || node == null) {
            setText(null);
            setGraphic(null);
            setTooltip(null);
            return;
        }
        setText(Format.oneLine(node.name()));
        setGraphic(graphic);
        setTooltip(node.name().length() > 24 ? new Tooltip(node.display()) : null);
        icon.setIconCode(
                switch (node.kind()) {
                    case SCHEMA -> Feather.FOLDER;
                    case PARTITIONED -> Feather.LAYERS;
                    case TABLE -> Feather.GRID;
                });
        box.setAccessibleText(texts.get("snapshot.tree.include", node.display()));
        tick();
    }

    private void tick() {
        var node = getItem();
        if (isEmpty() || node == null) {
            return;
        }
        var share = Share.of(node.tables(), scope.get());
        box.setIndeterminate(!share.all() && !share.none());
        box.setSelected(share.all());
        pseudoClassStateChanged(OUT, share.none());
    }

    private static final javafx.css.PseudoClass OUT = javafx.css.PseudoClass.getPseudoClass("out");
}
