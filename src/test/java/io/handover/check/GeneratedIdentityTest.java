package io.handover.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Finding;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.pg.PgDump;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What PostgreSQL 18 refuses the application, and what is said about it before.
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
        var log = new SqlLog(Clock.systemUTC());
        var dump = PgDump.installed(new NamedThreads(_ -> {}));
        try (var here = new Server(Side.SOURCE, source, log);
                var there = new Server(Side.TARGET, target, log)) {
            var plan = Plan.of(new MigrationId("0000c0de"), source.profile(), target.profile());
            List<Finding> found = Preflight.run(plan, here, there, dump, Clock.systemUTC()).findings().stream()
                    .filter(f -> f.check().equals("generated-identity"))
                    .toList();
            assertEquals(refuses ? 1 : 0, found.size(), found::toString);
            if (refuses) {
                assertEquals(Severity.BLOCKER, found.getFirst().severity());
                assertTrue(found.getFirst().title().contains("g"), found::toString);
            }
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
}
