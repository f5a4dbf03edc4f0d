package io.handover.ui.verify;

import io.handover.model.Command;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.ui.control.CodeBlock;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.FxFeed;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The way from rows that differ to rows that do not: the SQL is shown first, and runs only when asked for again.
final class RepairPart extends VBox {

    private final VerifyViewModel model;
    private final Texts texts;
    private final Button offer;
    private final Label text = new Label();
    private final CodeBlock sql;
    private final Button run = new Button();
    private final VBox plan;
    private Optional<TableRef> table = Optional.empty();
    private Side owner = Side.SOURCE;
    private int turn;

    RepairPart(VerifyViewModel model, Texts texts) {
        this.model = model;
        this.texts = texts;
        offer = new Button(texts.get("verify.repair"), new FontIcon(Feather.TOOL));
        offer.setId("repair-offer");
        offer.setMinWidth(USE_PREF_SIZE);
        offer.setOnAction(_ -> read());
        text.setId("repair-text");
        text.setWrapText(true);
        text.setMinHeight(USE_PREF_SIZE);
        text.getStyleClass().add("small");
        sql = new CodeBlock(texts, "");
        sql.setId("repair-sql");
        run.setId("repair-run");
        run.getStyleClass().add("danger");
        run.setOnAction(_ -> {
            table.ifPresent(model::repair);
            close();
        });
        var leave = new Button(texts.get("verify.repair.leave"));
        leave.setId("repair-leave");
        leave.setOnAction(_ -> close());
        var buttons = new HBox(run, leave);
        buttons.getStyleClass().add("tools");
        buttons.setAlignment(Pos.CENTER_LEFT);
        plan = new VBox(text, sql, buttons);
        plan.getStyleClass().add("tight");
        plan.managedProperty().bind(plan.visibleProperty());
        offer.managedProperty().bind(offer.visibleProperty());
        sql.managedProperty().bind(sql.visibleProperty());
        run.managedProperty().bind(run.visibleProperty());
        getChildren().addAll(offer, plan);
        getStyleClass().add("tight");
        managedProperty().bind(visibleProperty());
        close();
    }

    /// Offers to repair what `verdict` names.
    ///
    /// @param dataOwner the side that was taken for the truth
    void show(TableVerdict verdict, Side dataOwner) {
        owner = dataOwner;
        boolean another = !table.equals(Optional.of(verdict.table()));
        table = Optional.of(verdict.table());
        setVisible(!verdict.first().isEmpty());
        Optional<String> refusal = model.refusal(new Command.Repair(verdict.table()));
        offer.setDisable(refusal.isPresent());
        Hints.explain(offer, refusal.orElse(texts.get("verify.repair.hint")));
        if (another || refusal.isPresent()) {
            close();
        }
    }

    private void close() {
        turn++;
        plan.setVisible(false);
        offer.setVisible(true);
    }

    private void read() {
        if (table.isEmpty()) {
            return;
        }
        turn++;
        int mine = turn;
        offer.setVisible(false);
        show(texts.get("verify.repair.reading"), List.of());
        FxFeed.whenDone(
                model.repairSql(table.get()),
                statements -> {
                    if (mine == turn) {
                        show(
                                statements.isEmpty()
                                        ? texts.get("verify.repair.nothing")
                                        : texts.get(
                                                "verify.repair.text",
                                                texts.count("statements", statements.size()),
                                                texts.of("side.the", owner),
                                                texts.of("side.the", owner.other())),
                                statements);
                    }
                },
                failure -> {
                    if (mine == turn) {
                        show(texts.get("verify.last.failed", model.reason(failure)), List.of());
                    }
                });
    }

    private void show(String words, List<String> statements) {
        text.setText(words);
        sql.show(String.join(";\n", statements) + (statements.isEmpty() ? "" : ";"));
        sql.setVisible(!statements.isEmpty());
        run.setVisible(!statements.isEmpty());
        run.setText(texts.get("verify.repair.run", texts.of("side.the", owner.other())));
        plan.setVisible(true);
    }
}
