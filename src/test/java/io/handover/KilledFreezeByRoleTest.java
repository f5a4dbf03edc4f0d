package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handover's process is killed with SIGKILL in the middle of a hand-over by role. What could go wrong: the named roles
/// stay read-only, or lose what they had set before; a session of theirs that began meanwhile stays read-only for good,
/// in a pool that keeps it; a row is lost or doubled; the next cutover does not work any more.
///
/// Where it is killed does not depend on luck: it is held by locks of the servers, or by its own hook.
class KilledFreezeByRoleTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String SET_THE_ROLES = "%set state = 'handing_over', marked_at%";
    private static final String CONFIRM = "%set state = 'handed_over', owner%";

    @TempDir
    Path folder;

    /// Nothing is started again before everything is as it was: the servers do that alone. But once, to see that
    /// the next start does it, too.
    @Test
    void killedBeforeTheConfirmationTheServersGiveEverythingBackAlone() throws Exception {
        try (var shop = new FrozenShop(folder)) {
            shop.more();

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover("true");
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                cutover.kill();
                shop.endStatement(Side.SOURCE, SET_THE_ROLES); // as a server does that notices
                assertEquals("armed", shop.markState(Side.SOURCE));
                settings.rollback();
            }
            shop.assertAsBefore(Side.SOURCE, "before the mark");

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover("true");
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                cutover.kill();
                settings.rollback(); // and the statement goes on, with nobody to hear of it
                Eventually.await(LONG, "the roles are read-only", () -> shop.frozen(Side.SOURCE));
            }
            shop.assertAsBefore(Side.SOURCE, "while the roles were being set");

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover("true");
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                try (var mark = shop.holdMarkNext(Side.SOURCE)) {
                    settings.rollback();
                    mark.held();
                    assertTrue(shop.frozen(Side.SOURCE));
                    cutover.kill();
                }
            }
            shop.assertAsBefore(Side.SOURCE, "right after the roles were set");

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover("true", 120); // long after the next start
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                try (var mark = shop.holdMarkNext(Side.SOURCE)) {
                    settings.rollback();
                    mark.held();
                    cutover.kill();
                }
            }
            assertTrue(shop.frozen(Side.SOURCE));
            shop.assertOwnedAfterStatus(Side.SOURCE);
            shop.assertSettingsAsBefore(Side.SOURCE);
            shop.more();

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover("true");
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                try (var mark = shop.holdMarkNext(Side.SOURCE)) {
                    settings.rollback();
                    mark.held();
                    shop.awaitStatement(Side.SOURCE, CONFIRM, cutover);
                    cutover.kill();
                    shop.endStatement(Side.SOURCE, CONFIRM);
                }
            }
            shop.assertAsBefore(Side.SOURCE, "right before the confirmation");

            var cutover = shop.cutover("true");
            assertEquals(0, cutover.end(), cutover::told);
            shop.goTo(Side.TARGET);
            shop.assertExact();
        }
    }

    /// From there on it goes forward, there and on the way back.
    @Test
    void killedAtTheConfirmationAndAfterItTheNextStartGoesForward() throws Exception {
        Path hangs = folder.resolve("hangs");
        String hook = "while test -e '" + hangs + "'; do sleep 0.05; done";
        try (var shop = new FrozenShop(folder)) {
            shop.more();

            try (var settings = shop.holdSettings()) {
                var cutover = shop.cutover(hook);
                shop.awaitStatement(Side.SOURCE, SET_THE_ROLES, cutover);
                try (var mark = shop.holdMarkNext(Side.SOURCE)) {
                    settings.rollback();
                    mark.held();
                    shop.awaitStatement(Side.SOURCE, CONFIRM, cutover);
                    cutover.kill();
                }
                Eventually.await(
                        LONG,
                        "the statement went on alone",
                        () -> shop.markState(Side.SOURCE).equals("handed_over"));
            }
            shop.assertOwnedAfterStatus(Side.TARGET);
            shop.goTo(Side.TARGET);
            shop.assertFrozenAlone(Side.SOURCE);

            Files.createFile(hangs);
            var back = shop.rollback();
            Eventually.await(
                    LONG,
                    "the data was handed back",
                    () -> shop.markState(Side.TARGET).equals("handed_over") || !back.isAlive());
            assertTrue(back.isAlive(), back::told);
            back.kill();
            Files.delete(hangs);
            shop.assertOwnedAfterStatus(Side.SOURCE);
            shop.goTo(Side.SOURCE);
            shop.assertSettingsAsBefore(Side.SOURCE);
            shop.assertFrozenAlone(Side.TARGET);

            var cutover = shop.cutover(hook);
            assertEquals(0, cutover.end(), cutover::told);
            shop.goTo(Side.TARGET);
            shop.assertExact();
        }
    }
}
