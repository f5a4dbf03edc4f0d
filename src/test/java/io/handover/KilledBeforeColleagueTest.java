package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A computer goes down in the middle of a hand-over and does not come back; a colleague goes on from another
/// one, whose only source is what the first has left on the target. What could go wrong: the colleague is
/// told that the old server owns the data when the new one does, with nobody able to write on either.
class KilledBeforeColleagueTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();

    @TempDir
    Path ann;

    @TempDir
    Path bob;

    @AfterEach
    void retire() throws Exception {
        var retire = AppProcess.start(bob, "retire", source, target, "--yes");
        assertEquals(0, retire.end(), retire::told);
    }

    @Test
    void handedOverAndThenGoneTheColleagueFinishesIt() throws Exception {
        migrated();
        Path there = ann.resolve("switching");
        var cutover = cutover("--hook-switch", once(there));
        awaitAndKill(cutover, there);

        assertOwner(bob, "target");
        write(Side.TARGET, 2);
        SQLException refused = assertThrows(SQLException.class, () -> write(Side.SOURCE, 3));
        assertTrue(!refused.getMessage().isEmpty());
        assertOwner(ann, "target");
        assertEquals(
                0, AppProcess.start(bob, "rollback", source, target, "--yes").end(), "and it can be taken back");
        write(Side.SOURCE, 4);
    }

    @Test
    void goneBeforeTheFreezeTheColleagueFindsItAsItWas() throws Exception {
        migrated();
        Path there = ann.resolve("asked");
        var cutover = cutover("--hook-before-freeze", once(there));
        awaitAndKill(cutover, there);

        assertOwner(bob, "source");
        write(Side.SOURCE, 2);
        var again = AppProcess.start(bob, "cutover", source, target, "--yes", "--hook-before-freeze", "true");
        assertEquals(0, again.end(), again::told);
        write(Side.TARGET, 3);
        assertOwner(ann, "target");
    }

    private void migrated() throws Exception {
        pair.run(Side.SOURCE, "create table ledger (number bigint primary key)");
        write(Side.SOURCE, 1);
        var migrate = AppProcess.start(ann, "migrate", source, target, "--until", "verified");
        assertEquals(0, migrate.end(), migrate::told);
    }

    /// Hangs the first time only.
    private static String once(Path sign) {
        return "test -e '" + sign + "' || { touch '" + sign + "'; sleep 60; }";
    }

    private AppProcess cutover(String option, String hook) throws Exception {
        return AppProcess.start(ann, "cutover", source, target, "--yes", option, hook);
    }

    private static void awaitAndKill(AppProcess cutover, Path sign) throws Exception {
        Eventually.await(LONG, "the hook runs", () -> Files.exists(sign) || !cutover.isAlive());
        assertTrue(cutover.isAlive(), cutover::told);
        cutover.kill();
    }

    /// As `status` says there, which finishes first what was under way.
    private void assertOwner(Path folder, String owner) throws Exception {
        var status = AppProcess.start(folder, "status", source, target, "--json");
        assertEquals(0, status.end(), status::told);
        String told = status.result();
        assertTrue(told.contains("\"owner\" : \"" + owner + "\""), told);
    }

    private void write(Side side, int number) throws SQLException {
        pair.run(side, "insert into ledger values (" + number + ")");
    }
}
