package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A computer goes down in the middle of a hand-over and does not come back; a colleague goes on from another
/// one, whose only source is what the first has left on the target. What could go wrong: the colleague is
/// told that the old server owns the data when the new one does, with nobody able to write on either.
class KilledBeforeColleagueTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final Endpoint source = oldServer.endpoint(oldServer.newDatabase());
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @TempDir
    Path ann;

    @TempDir
    Path bob;

    @AfterEach
    void drop() throws Exception {
        var retire = AppProcess.start(bob, "retire", source, target, "--yes");
        assertEquals(0, retire.end(), retire::told);
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    @Test
    void handedOverAndThenGoneTheColleagueFinishesIt() throws Exception {
        migrated();
        Path there = ann.resolve("switching");
        var cutover = cutover("--hook-switch", once(there));
        awaitAndKill(cutover, there);

        assertOwner(bob, "target");
        write(newServer, target, 2);
        SQLException refused = assertThrows(SQLException.class, () -> write(oldServer, source, 3));
        assertTrue(!refused.getMessage().isEmpty());
        assertOwner(ann, "target");
        assertEquals(
                0, AppProcess.start(bob, "rollback", source, target, "--yes").end(), "and it can be taken back");
        write(oldServer, source, 4);
    }

    @Test
    void goneBeforeTheFreezeTheColleagueFindsItAsItWas() throws Exception {
        migrated();
        Path there = ann.resolve("asked");
        var cutover = cutover("--hook-before-freeze", once(there));
        awaitAndKill(cutover, there);

        assertOwner(bob, "source");
        write(oldServer, source, 2);
        var again = AppProcess.start(bob, "cutover", source, target, "--yes", "--hook-before-freeze", "true");
        assertEquals(0, again.end(), again::told);
        write(newServer, target, 3);
        assertOwner(ann, "target");
    }

    private void migrated() throws Exception {
        try (var db = oldServer.open(source.profile().database());
                var sql = db.createStatement()) {
            sql.execute("create table ledger (number bigint primary key)");
        }
        write(oldServer, source, 1);
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

    private static void write(PgServer server, Endpoint endpoint, int number) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var sql = db.createStatement()) {
            sql.execute("insert into ledger values (" + number + ")");
        }
    }
}
