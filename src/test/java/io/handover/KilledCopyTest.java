package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.DatabaseUrl;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The app is killed with SIGKILL while it copies a shop that never stops selling, and started again.
class KilledCopyTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /// Small, so that it would be copied among the last.
    private static final String HELD = "\"Back Office\".\"table\"";

    @TempDir
    Path folder;

    @Test
    void whatIsCopiedWhenTheAppIsKilledIsKeptAndTheRestIsBrought() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        ShopSchema.load(source, ShopSchema.SMALL);
        var url = new DatabaseUrl(folder.resolve("url"));
        url.write(source);
        try (var workload =
                Workload.start(url, new Workload.Options(3, 150, Duration.ofMillis(100)), Clock.systemUTC())) {
            var first = AppProcess.start(folder, "migrate", source, target, "--fix", "--until", "streaming");
            String files;
            try (var hold = newServer.open(target.profile().database())) {
                hold(hold, first);
                Eventually.await(
                        LONG, "most tables are copied", () -> occurrences("\"copied\"") > 15 || !first.isAlive());
                assertTrue(first.isAlive(), first::told);
                first.kill();
                files = files(newServer, target);
                hold.rollback();
            }
            var again = AppProcess.start(folder, "migrate", source, target, "--until", "streaming");
            assertEquals(0, again.end(), again::told);

            assertEquals(1, occurrences("\"kept\""), "it carries on instead of beginning anew");
            assertEquals(files, files(newServer, target), "tables that were copied keep their files");
            var verify = AppProcess.start(folder, "verify", source, target);
            assertEquals(0, verify.end(), verify::told);
            workload.stop();
            Eventually.await(
                    LONG,
                    "every acknowledged transaction is there exactly once",
                    () -> LedgerCheck.check(workload.book(), target).exact());
            var discard = AppProcess.start(folder, "discard", source, target, "--yes");
            assertEquals(0, discard.end(), discard::told);
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Keeps one table from being copied, once the schema is there.
    private void hold(Connection target, AppProcess app) throws Exception {
        Eventually.await(
                LONG,
                "the schema is made",
                () -> AppProcess.journals(folder).contains("\"SCHEMA_READY\"") || !app.isAlive());
        assertTrue(app.isAlive(), app::told);
        target.setAutoCommit(false);
        try (var sql = target.createStatement()) {
            sql.execute("lock table " + HELD + " in access exclusive mode");
        }
    }

    /// The files of the tables that the target has noted as copied, but for one that the application truncates.
    private static String files(PgServer server, Endpoint target) throws SQLException {
        try (var db = server.open(target.profile().database());
                var sql = db.createStatement();
                var row = sql.executeQuery("""
                        select string_agg(t || ' ' || pg_relation_filenode(t::regclass), E'\\n' order by t)
                          from (select format('%I.%I', schema_name, table_name) as t from handover.copied
                                 where (schema_name, table_name) not in (('app', 'scratch'), ('shop', 'sessions'))
                                   and format('%I.%I', schema_name, table_name) <> '"Back Office"."table"') x
                        """)) {
            row.next();
            return row.getString(1);
        }
    }

    private int occurrences(String text) throws java.io.IOException {
        return AppProcess.journals(folder).split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }
}
