package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody breaks a copy off because production suffers, asks where it is, and gives it up. What could go
/// wrong: the question, or giving up, goes on with the copy first.
class BrokenOffCopyTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final Endpoint source = oldServer.endpoint(oldServer.newDatabase());
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @TempDir
    Path folder;

    @AfterEach
    void drop() throws Exception {
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    @Test
    void statusOnlyLooksAndDiscardDoesNotCopyTheRest() throws Exception {
        try (var db = oldServer.open(source.profile().database());
                var sql = db.createStatement()) { // at 1 MB a second it takes minutes
            sql.execute("create table big as select g as id, repeat(md5(g::text), 30) as v"
                    + " from generate_series(1, 200000) g");
            sql.execute("alter table big add primary key (id)");
        }
        var migrate = AppProcess.start(folder, "migrate", source, target, "--limit", "1");
        Eventually.await(
                LONG,
                "the target knows of the copy",
                () -> !migrate.isAlive() || "COPYING".equals(one(newServer, target, STAGE)));
        assertThat(migrate.isAlive()).as(migrate.told()).isTrue();
        migrate.kill();
        String slots = one(oldServer, source, SLOTS);

        var status = AppProcess.start(folder, "status", source, target);
        assertThat(status.end()).as(status.told()).isZero();
        assertThat(status.result()).contains("COPYING");
        assertThat(status.told()).contains("handover migrate goes on");
        assertThat(one(oldServer, source, SLOTS)).isEqualTo(slots);

        var discard = AppProcess.start(folder, "discard", source, target, "--yes");
        assertThat(discard.end()).as(discard.told()).isZero();
        assertThat(discard.told()).doesNotContain("Building indexes");
        assertThat(one(oldServer, source, SLOTS)).isEqualTo("0");
        assertThat(one(newServer, target, "select count(*) from pg_class where relname = 'big'"))
                .isEqualTo("0");
    }

    private static final String STAGE = "select stage from handover.migration";
    private static final String SLOTS = "select count(*) from pg_replication_slots where database = current_database()";

    /// Empty while what is asked about is not there yet.
    private static String one(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                return "";
            }
            throw e;
        }
    }
}
