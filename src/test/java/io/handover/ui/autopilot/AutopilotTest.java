package io.handover.ui.autopilot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.ServerInfo;
import io.handover.model.TableVerdict;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeUi;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.Samples;
import io.handover.ui.Shell;
import io.handover.ui.Theme;
import io.handover.ui.UiContext;
import io.handover.ui.connect.ConnectPage;
import io.handover.ui.cutover.CutoverPage;
import io.handover.ui.replicate.ReplicatePage;
import io.handover.ui.retire.RetirePage;
import io.handover.ui.settings.SettingsPage;
import io.handover.ui.snapshot.SnapshotPage;
import io.handover.ui.verify.VerifyPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The real window over a migration without servers.
@ExtendWith(ApplicationExtension.class)
class AutopilotTest {

    private static final String HOOK = "printf '%s' \"$DATABASE_URL\" > 'a file'";

    @TempDir
    Path folder;

    private final WalkingMigration migration = new WalkingMigration(Samples.plan());
    private final List<String> told = new ArrayList<>();
    private int stopped;
    private UiContext context;
    private Scene scene;

    @Start
    void show(Stage window) throws Exception {
        var info = new ServerInfo(
                "18.1",
                180_001,
                Duration.ofMillis(1),
                "",
                "postgres",
                true,
                true,
                true,
                false,
                1000,
                "UTF8",
                "logical");
        var desk = new FakeDesk()
                .testing(_ -> CompletableFuture.completedFuture(info))
                .beginning(_ -> CompletableFuture.completedFuture(migration));
        context = new FakeUi(desk, folder.resolve("config")).context();
        context.store().profiles().save(Samples.source());
        context.store().profiles().save(Samples.target());
        context.store()
                .settings()
                .change(now ->
                        now.with(Samples.source().name(), Samples.target().name()));
        var shell = new Shell(context, pages());
        scene = new Scene(shell, 990, 740);
        Theme.LIGHT.dress(scene);
        window.setScene(scene);
        window.setX(0);
        window.setY(0);
        window.setWidth(990);
        window.setHeight(740);
        shell.go(PageId.CONNECT);
        window.show();
    }

    private Map<PageId, Supplier<Page>> pages() {
        var pages = new EnumMap<PageId, Supplier<Page>>(PageId.class);
        pages.put(PageId.CONNECT, () -> new ConnectPage(context));
        pages.put(PageId.SNAPSHOT, () -> new SnapshotPage(context));
        pages.put(PageId.REPLICATE, () -> new ReplicatePage(context));
        pages.put(PageId.VERIFY, () -> new VerifyPage(context, Optional.empty()));
        pages.put(PageId.CUTOVER, () -> new CutoverPage(context));
        pages.put(PageId.RETIRE, () -> new RetirePage(context, Optional.empty()));
        pages.put(PageId.SETTINGS, () -> new SettingsPage(context, folder, "0"));
        return pages;
    }

    private Outcome run(boolean quick) throws Exception {
        var script = new Script(HOOK, quick, folder.resolve("pictures"), Duration.ofSeconds(60), () -> stopped++);
        return new Autopilot(scene, context, script, told::add).run();
    }

    @Test
    void walksThroughEveryPageThereAndBackAndThereAgain() throws Exception {
        var outcome = run(false);

        assertEquals(new Outcome(true, true, ""), outcome);
        assertTrue(outcome.complete());
        assertEquals(
                List.of(
                        "Check",
                        "Fix",
                        "Start",
                        "Verify",
                        "ChangePlan",
                        "CutOver",
                        "Verify",
                        "RollBack",
                        "Verify",
                        "CutOver",
                        "Verify",
                        "Retire"),
                migration.asked());
        assertEquals(HOOK, migration.state().get().plan().hooks().switchOver());
        assertEquals(1, stopped);
        try (var pictures = Files.list(folder.resolve("pictures"))) {
            var names = pictures.map(file -> file.getFileName().toString()).toList();
            for (String page :
                    List.of("connect", "snapshot", "replicate", "verified", "cutover", "retire", "settings")) {
                assertTrue(names.stream().anyMatch(name -> name.matches("\\d\\d-" + page + ".png")), page);
                assertTrue(names.stream().anyMatch(name -> name.matches("\\d\\d-" + page + "-dark.png")), page);
            }
        }
    }

    @Test
    void aFailureOfTheMigrationEndsItWithThePagesWords() throws Exception {
        migration.failingToCopy();

        var outcome = run(true);

        assertFalse(outcome.cutOver());
        assertFalse(outcome.provedEqual());
        assertTrue(outcome.problem().contains("The target's disk is full."), outcome.problem());
        try (var pictures = Files.list(folder.resolve("pictures"))) {
            assertTrue(pictures.anyMatch(file -> file.toString().endsWith("-failed.png")));
        }
    }

    @Test
    void aDifferenceIsNoSuccess() throws Exception {
        migration.comparing(TableVerdict.Verdict.DIFFERENT);

        var outcome = run(true);

        assertFalse(outcome.cutOver());
        assertFalse(outcome.provedEqual());
        assertTrue(outcome.problem().contains("shop.orders"), outcome.problem());
        assertFalse(migration.asked().contains("CutOver"));
    }
}
