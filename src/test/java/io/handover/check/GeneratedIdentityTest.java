package io.handover.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Patience;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What PostgreSQL does not do with a generated column in a replica identity, and what is said about it before.
class GeneratedIdentityTest {

    @ParameterizedTest
    @CsvSource({"18, 18, stored, true", "18, 18, virtual, true", "15, 18, stored, true", "15, 17, stored, false"})
    void fullIdentityWithAGeneratedColumnBlocksWhereTheServerWouldRefuse(
            String from, String to, String kind, boolean refuses) throws Exception {
        PgServer oldServer = PgServer.major(from);
        PgServer newServer = PgServer.major(to);
        var source = oldServer.endpoint(oldServer.newDatabase());
        var target = newServer.endpoint(newServer.newDatabase());
        String table = "create table g (a int, b int generated always as (a + 1) " + kind
                + "); alter table g replica identity full";
        try (var connection = oldServer.open(source.profile().database());
                var sql = connection.createStatement()) {
            sql.execute(table);
        }
        List<Finding> found = Found.by("generated-identity", source, target);
        assertEquals(refuses ? 1 : 0, found.size(), found::toString);
        if (refuses) {
            assertEquals(Severity.BLOCKER, found.getFirst().severity());
            assertTrue(found.getFirst().title().contains("g"), found::toString);
        }
        try (var connection = newServer.open(target.profile().database());
                var sql = connection.createStatement()) { // what the new owner does once it publishes for the way back
            sql.execute(table);
            sql.execute("insert into g values (1)");
            sql.execute("create publication p for table g");
            if (refuses) {
                assertThrows(SQLException.class, () -> sql.execute("delete from g"));
            } else {
                sql.execute("delete from g");
            }
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Up to 17 the stream stops at such a row; from 18 on the server refuses it.
    @ParameterizedTest
    @CsvSource({"15, 17", "15, 18", "18, 18"})
    void aGeneratedKeyBlocksForTheStreamCannotCarryIt(String from, String to) throws Exception {
        PgServer oldServer = PgServer.major(from);
        PgServer newServer = PgServer.major(to);
        var source = oldServer.endpoint(oldServer.newDatabase());
        var target = newServer.endpoint(newServer.newDatabase());
        String table = "create table k (a int, b int generated always as (a * 2) stored primary key, c int)";
        try (var connection = oldServer.open(source.profile().database());
                var sql = connection.createStatement()) {
            sql.execute(table);
            List<Finding> found = Found.by("generated-identity", source, target);
            assertEquals(1, found.size(), found::toString);
            assertEquals(Severity.BLOCKER, found.getFirst().severity());

            sql.execute("insert into k values (1)");
            sql.execute("create publication p for table k");
            if (from.equals("18")) {
                assertThrows(SQLException.class, () -> sql.execute("update k set c = 1"));
            } else {
                assertTrue(stopsAt("update k set c = 1", sql, source, newServer, target, table));
            }
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Whether the apply worker fails at `update` instead of bringing it.
    private static boolean stopsAt(
            String update, Statement onSource, Endpoint source, PgServer newServer, Endpoint target, String table)
            throws Exception {
        try (var connection = newServer.open(target.profile().database());
                var sql = connection.createStatement()) {
            sql.execute(table);
            sql.execute("insert into k values (1)");
            String name = "s_" + target.profile().database();
            String conninfo = "host=%s port=%d dbname=%s user=%s password='%s'"
                    .formatted(
                            source.profile().host(),
                            source.profile().port(),
                            source.profile().database(),
                            source.profile().user(),
                            source.password().reveal().replace("\\", "\\\\").replace("'", "\\'"));
            sql.execute("create subscription " + name + " connection '" + conninfo.replace("'", "''")
                    + "' publication p with (copy_data = false)");
            try {
                onSource.execute(update);
                return Patience.until(
                                Duration.ofSeconds(30),
                                () -> count(sql, "select apply_error_count from pg_stat_subscription_stats") > 0
                                        || count(sql, "select count(*) from k where c is not null") > 0)
                        && count(sql, "select count(*) from k where c is not null") == 0;
            } finally {
                sql.execute("drop subscription " + name);
            }
        }
    }

    private static long count(Statement sql, String query) throws SQLException {
        try (var row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
