package io.handover.ui.verify;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.LastRows;
import io.handover.model.Lsn;
import io.handover.model.ReadLimit;
import io.handover.model.RowDifference;
import io.handover.model.SchemaDifference;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.Task;
import io.handover.model.VerifyReport;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class VerifyPageTest {

    private static final TableRef ORDERS = new TableRef("shop", "orders");

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private final List<String> written = new ArrayList<>();
    private FakeUi ui;
    private VerifyPage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        ui = FakeUi.with(migration).picking(Path.of("report.html"));
        page = new VerifyPage(ui.context(), Optional.of((state, kind, file) -> {
            written.add(kind + " " + state.stage() + " " + file);
            return CompletableFuture.completedFuture(file);
        }));
        frame = PageStage.show(stage, page);
    }

    @Test
    void verifyIsThePagesAction(FxRobot robot) throws Exception {
        var primary = page.primary().getValue().orElseThrow();
        assertEquals("Verify", primary.text());

        robot.interact(primary.run());

        assertEquals(List.of(new Command.Verify()), migration.asked());
        frame.pictures(robot, "verify-empty");
    }

    @Test
    void whatWasProvedNeedNotBeReadAgain(FxRobot robot) throws Exception {
        robot.clickOn("#verify-changed");
        robot.interact(page.primary().getValue().orElseThrow().run());
        show(true, List.of(), proved("orders", true), proved("customers", false));

        assertEquals(List.of(new Command.Verify(true)), migration.asked());
        assertEquals("Both sides are equal: 8,000 rows in 2 tables", title(robot));
        assertTrue(robot.lookup("16/B374D848").tryQuery().isPresent(), "the table says at which position");
        assertTrue(
                robot.lookup(".banner-text").queryAll().stream()
                        .anyMatch(n -> ((javafx.scene.control.Labeled) n)
                                .getText()
                                .contains("1 table was not read again: no row of it was changed on either side")),
                "what was not read is said");
        frame.pictures(robot, "verify-changed");
    }

    @Test
    void theLimitIsAskedForWhenItIsTypedAndCanBeTakenBack(FxRobot robot) throws Exception {
        var limit = robot.lookup("#verify-limit").queryAs(javafx.scene.control.Spinner.class);

        type(robot, limit, "50");
        type(robot, limit, "many");
        assertEquals("50", limit.getEditor().getText());
        frame.pictures(robot, "verify-limit");
        type(robot, limit, "");

        assertEquals(
                List.of(new Command.LimitReading(new ReadLimit(50)), new Command.LimitReading(ReadLimit.NONE)),
                migration.asked());
    }

    private static void type(FxRobot robot, javafx.scene.control.Spinner<?> limit, String text) {
        robot.clickOn(limit.getEditor());
        robot.interact(() -> limit.getEditor().setText(text));
        robot.type(javafx.scene.input.KeyCode.ENTER);
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void aRefusalIsPassedOn(FxRobot robot) {
        migration.refuse(Command.Verify.class, "The stream does not run yet.");
        robot.interact(() -> migration.publish(Stage.COPYING));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(
                Optional.of("The stream does not run yet."),
                page.primary().getValue().orElseThrow().refusal());
    }

    @Test
    void equalityIsClaimedOnlyWhenEveryTableWasProved(FxRobot robot) throws Exception {
        show(true, List.of(), verdict("orders", Verdict.EQUAL), verdict("customers", Verdict.EQUAL));

        assertEquals("Both sides are equal: 8,000 rows in 2 tables", title(robot));
        assertEquals("Verify again", page.primary().getValue().orElseThrow().text());
        frame.pictures(robot, "verify-equal");
    }

    @Test
    void aTableLeftOutIsNoEquality(FxRobot robot) throws Exception {
        show(
                true,
                List.of("shop.audit: has no column that can be compared", "large objects: read at the cutover"),
                verdict("orders", Verdict.EQUAL),
                verdict("audit", Verdict.NOT_COMPARED));

        assertEquals("1 table was not compared", title(robot));
        assertTrue(robot.lookup(".banner-text").queryAllAs(javafx.scene.control.Label.class).stream()
                .anyMatch(label -> label.getText().contains("large objects: read at the cutover")));
        frame.pictures(robot, "verify-partly");
    }

    @Test
    void unsettledRowsAreNotCalledEqual(FxRobot robot) {
        show(true, List.of(), verdict("orders", Verdict.UNSETTLED));

        assertEquals("No difference; 12 rows were changing meanwhile", title(robot));
    }

    @Test
    void progressShowsOnlyWhileItRuns(FxRobot robot) throws Exception {
        var bar = robot.lookup("#verify-progress").query();
        show(false, List.of(), verdict("orders", Verdict.EQUAL), verdict("customers", Verdict.RUNNING));
        assertFalse(bar.isVisible(), "nothing runs");
        assertEquals("The comparison ended early: 1 of 2 tables compared", title(robot));

        robot.interact(() -> migration.publish(now -> now.doing(Optional.of(new Task("Verify", NOON, 0.5, "", true)))));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(bar.isVisible());
        assertEquals("1 of 2 tables compared", title(robot));
        frame.pictures(robot, "verify-running");
    }

    @Test
    void fromTableToRowToColumn(FxRobot robot) throws Exception {
        different();
        assertEquals("3 rows differ", title(robot));

        select(robot, 0);
        TableView<RowDifference> rows = robot.lookup("#differences").queryTableView();
        assertEquals(3, rows.getItems().size());
        TableView<RowDifference.ColumnDifference> columns =
                robot.lookup("#difference-columns").queryTableView();
        assertEquals("total", columns.getItems().getFirst().column());
        frame.pictures(robot, "verify-different");

        robot.interact(() -> rows.getSelectionModel().select(1));

        assertTrue(columns.getItems().isEmpty(), "a row on one side only has no columns to compare");
    }

    @Test
    void aRepairShowsItsSqlAndRunsWhenAskedAgain(FxRobot robot) throws Exception {
        migration.withRepair(
                List.of(
                        "delete from only \"shop\".\"orders\" where \"id\" = '777777'",
                        "insert into \"shop\".\"orders\" (\"id\", \"total\", \"note\") overriding system value values ('777777', '129.90', null)"));
        different();
        select(robot, 0);

        robot.interact(() -> robot.lookup("#repair-offer").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(List.of(), migration.asked(), "looking changes nothing");
        assertTrue(
                robot.lookup("#repair-text").queryLabeled().getText().startsWith("2 statements make the rows above"));
        frame.pictures(robot, "verify-repair");

        robot.interact(() -> robot.lookup("#repair-run").queryButton().fire());

        assertEquals(List.of(new Command.Repair(ORDERS)), migration.asked());
    }

    @Test
    void aLostIndexIsNoEquality(FxRobot robot) throws Exception {
        var lost = new SchemaDifference(
                "index",
                "shop.orders." + Samples.LONG_NAME,
                "CREATE INDEX " + Samples.LONG_NAME + " ON shop.orders USING btree (lower(customer), placed_at DESC)",
                "");
        var changed = new SchemaDifference(
                "column", "shop.orders.state", "text default 'new'::text not null", "text not null");
        var report = new VerifyReport(
                NOON.minusSeconds(90),
                Duration.ofMillis(2140),
                true,
                Side.SOURCE,
                "every row by its hash",
                new Lsn(1),
                Duration.ZERO,
                List.of(verdict("orders", Verdict.EQUAL)),
                List.of(),
                List.of(lost, changed));
        migration.publish(now -> Samples.verified(now, report));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("No row differs, but 2 objects of the schema do", title(robot));
        frame.pictures(robot, "verify-schema");
    }

    @Test
    void ofVeryManyDifferencesTheFirstAndTheTotalAreShown(FxRobot robot) throws Exception {
        var first = java.util.stream.IntStream.rangeClosed(1, 50)
                .mapToObj(i -> new RowDifference(
                        i + ", " + "a long key ".repeat(12),
                        RowDifference.Kind.CHANGED,
                        List.of(new RowDifference.ColumnDifference(
                                Samples.LONG_NAME, "before ".repeat(28), "after ".repeat(33)))))
                .toList();
        show(
                true,
                List.of(),
                new TableVerdict(
                        new TableRef("shop", Samples.LONG_NAME),
                        Verdict.DIFFERENT,
                        4_120_332,
                        4_120_332,
                        "1",
                        "2",
                        1_234_567,
                        0,
                        first,
                        "Why it may be: on the follower these triggers fire for what the stream brings as well: touch."));

        select(robot, 0);

        assertEquals(
                "The first 50 of 1,234,567.",
                robot.lookup("#differences-more").queryLabeled().getText());
        frame.pictures(robot, "verify-many");
    }

    @Test
    void theNewestRowsStandSideBySide(FxRobot robot) throws Exception {
        migration.withLastRows(new LastRows(
                ORDERS,
                List.of("id"),
                List.of("id", "customer", "note", "placed_at"),
                List.of(
                        List.of("4120332", "77", LastRows.NULL_VALUE, "2025-06-15 11:59:58.120331+00"),
                        List.of("4120331", "12", "gift", "2025-06-15 11:59:57.910022+00"),
                        List.of("4120330", "3", "", "2025-06-15 11:59:57.410022+00")),
                List.of(
                        List.of("4120331", "12", "Gift", "2025-06-15 11:59:57.910022+00"),
                        List.of("4120330", "3", "", "2025-06-15 11:59:57.410022+00"))));
        show(true, List.of(), verdict("orders", Verdict.EQUAL));

        select(robot, 0);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(3, robot.lookup("#last-target").queryTableView().getItems().size(), "aligned with the source");
        assertEquals(
                "newest first by id · 2 not equal",
                robot.lookup("#last-state").queryLabeled().getText());
        frame.pictures(robot, "verify-last");
    }

    @Test
    void theSelectedTableStaysSelectedWhenVerdictsComeIn(FxRobot robot) {
        show(false, List.of(), verdict("customers", Verdict.RUNNING), verdict("orders", Verdict.PENDING));
        select(robot, 1);

        show(false, List.of(), verdict("customers", Verdict.EQUAL), verdict("orders", Verdict.RUNNING));

        assertEquals("shop.orders", robot.lookup("#detail-name").queryLabeled().getText());
    }

    @Test
    void onlyWhatDeservesALook(FxRobot robot) {
        show(
                true,
                List.of(),
                verdict("a", Verdict.EQUAL),
                verdict("b", Verdict.NOT_COMPARED),
                verdict("c", Verdict.UNSETTLED));

        robot.clickOn("#verdicts-only");

        assertEquals(2, robot.lookup("#verdicts").queryTableView().getItems().size());
    }

    @Test
    void theReportGoesToAFileOfTheUsersChoice(FxRobot robot) {
        show(true, List.of(), verdict("orders", Verdict.EQUAL));

        robot.clickOn("#verify-export").clickOn("Report to read");
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(List.of("HTML STREAMING report.html"), written);
    }

    private void different() {
        var changed = new RowDifference(
                "id = 777777",
                RowDifference.Kind.CHANGED,
                List.of(
                        new RowDifference.ColumnDifference("total", "129.90", "129.00"),
                        new RowDifference.ColumnDifference("note", LastRows.NULL_VALUE, "")));
        var missing = new RowDifference("id = 199999", RowDifference.Kind.MISSING, List.of());
        var extra = new RowDifference("id = 99999999", RowDifference.Kind.EXTRA, List.of());
        show(
                true,
                List.of(),
                new TableVerdict(
                        ORDERS,
                        Verdict.DIFFERENT,
                        4_120_332,
                        4_120_332,
                        "1",
                        "2",
                        3,
                        0,
                        List.of(changed, missing, extra),
                        ""),
                verdict(Samples.LONG_NAME, Verdict.EQUAL),
                verdict("stock", Verdict.UNSETTLED));
    }

    private void show(boolean finished, List<String> notCompared, TableVerdict... tables) {
        var report = new VerifyReport(
                NOON.minusSeconds(90),
                Duration.ofMillis(2140),
                finished,
                Side.SOURCE,
                "both snapshots row by row; keys that changed between them by their last state",
                new Lsn(0x16_B374D848L),
                Duration.ofMillis(240),
                List.of(tables),
                notCompared);
        migration.publish(now -> Samples.verified(now, report));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static TableVerdict verdict(String name, Verdict verdict) {
        boolean read = verdict == Verdict.EQUAL || verdict == Verdict.UNSETTLED;
        return new TableVerdict(
                new TableRef("shop", name),
                verdict,
                read ? 4000 : -1,
                read ? 4000 : -1,
                read ? "4000:17" : "",
                read ? "4000:17" : "",
                0,
                verdict == Verdict.UNSETTLED ? 12 : 0,
                List.of(),
                verdict == Verdict.NOT_COMPARED ? "has no column that can be compared" : "");
    }

    private static TableVerdict proved(String name, boolean unread) {
        return new TableVerdict(
                new TableRef("shop", name),
                Verdict.EQUAL,
                4000,
                4000,
                "4000:17",
                "4000:17",
                0,
                0,
                List.of(),
                "",
                Optional.of(new TableProof(new Lsn(0x16_B374D848L), NOON, unread, Optional.empty(), Optional.empty())));
    }

    private static void select(FxRobot robot, int index) {
        robot.interact(() ->
                robot.lookup("#verdicts").queryTableView().getSelectionModel().select(index));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static String title(FxRobot robot) {
        return robot.lookup(".banner-title").queryLabeled().getText();
    }
}
