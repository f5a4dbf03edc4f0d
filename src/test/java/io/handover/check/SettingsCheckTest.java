package io.handover.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Settings of the source's database that the target's does not have.
class SettingsCheckTest {

    private static final String ROLE = "Settings \"test\"";

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final SqlLog log = new SqlLog(Clock.systemUTC());
    private final PgDump dump = PgDump.installed(new NamedThreads(_ -> {}));
    private Endpoint from;
    private Endpoint to;
    private Server source;
    private Server target;
    private Plan plan;

    @BeforeEach
    void servers() throws SQLException {
        from = oldServer.endpoint(oldServer.newDatabase());
        to = newServer.endpoint(newServer.newHostileDatabase());
        source = new Server(Side.SOURCE, from, log);
        target = new Server(Side.TARGET, to, log);
        plan = Plan.of(new MigrationId("0000c0de"), from.profile(), to.profile());
        run(oldServer, from, "create role " + quoted(ROLE));
    }

    @AfterEach
    void drop() throws Exception {
        source.close();
        target.close();
        oldServer.drop(from.profile().database());
        newServer.drop(to.profile().database());
        run(oldServer, oldServer.endpoint("postgres"), "drop role if exists " + quoted(ROLE));
        run(newServer, newServer.endpoint("postgres"), "drop role if exists " + quoted(ROLE));
    }

    @Test
    void nothingSetIsNothingSaid() throws Exception {
        assertEquals(List.of(), find());
    }

    @Test
    void everythingThatIsSetIsOfferedAndThenTheSame() throws Exception {
        run(newServer, to, "create role " + quoted(ROLE));
        onSource("set search_path to \"$user\", \"My, \"\"odd\"\" Schema\", public");
        onSource("set work_mem to '77MB'");
        onSource("set \"TimeZone\" to 'Asia/Kathmandu'");
        onSource("set app.note to E'it''s a \\\\ and a \"quote\"\\nof two lines'");
        onSource("set temp_tablespaces to ''");
        run(
                oldServer,
                from,
                "alter role " + quoted(ROLE) + " in database "
                        + quoted(from.profile().database()) + " set default_transaction_read_only to on");
        run(newServer, to, "alter database " + quoted(to.profile().database()) + " set work_mem to '5MB'");

        Finding finding = only(find());
        assertEquals(Severity.WARNING, finding.severity());
        assertEquals(Side.TARGET, finding.side());
        assertTrue(finding.fixable());
        assertTrue(finding.title().contains("search_path"), finding.title());
        Preflight.fix(plan, source, target, dump, finding);

        assertEquals(List.of(), find());
        assertEquals(settings(oldServer, from), settings(newServer, to));
        assertEquals(6, settings(newServer, to).size());
    }

    @Test
    void handoversOwnReadOnlyDefaultStaysBehind() throws Exception {
        onSource("set default_transaction_read_only to on");

        assertEquals(List.of(), find());
    }

    @Test
    void whatTheTargetCannotHaveIsNamedAndTheRestIsSet() throws Exception {
        onSource("set work_mem to '77MB'");
        run(
                oldServer,
                from,
                "alter role " + quoted(ROLE) + " in database "
                        + quoted(from.profile().database()) + " set work_mem to '99MB'");

        List<Finding> found = find();
        assertEquals(2, found.size(), found::toString);
        Finding impossible = only(found.stream().filter(f -> !f.fixable()).toList());
        assertTrue(impossible.title().contains("of role " + ROLE), impossible.title());
        Preflight.fix(
                plan,
                source,
                target,
                dump,
                only(found.stream().filter(Finding::fixable).toList()));

        assertEquals(List.of(impossible), find());
        assertEquals(List.of(" work_mem=77MB"), settings(newServer, to));
    }

    @Test
    void aSecretIsSetButNotShown() throws Exception {
        onSource("set app.jwt_secret to 'Tr0ub4dor'");

        Finding finding = only(find());
        assertFalse(finding.toString().contains("Tr0ub4dor"), finding.toString());
        Preflight.fix(plan, source, target, dump, finding);

        assertEquals(List.of(" app.jwt_secret=Tr0ub4dor"), settings(newServer, to));
        assertFalse(log.history().all().toString().contains("Tr0ub4dor"));
    }

    private List<Finding> find() throws Exception {
        return Preflight.run(plan, source, target, dump, Clock.systemUTC()).findings().stream()
                .filter(f -> f.check().equals("database-settings"))
                .toList();
    }

    private static Finding only(List<Finding> found) {
        assertEquals(1, found.size(), found::toString);
        return found.getFirst();
    }

    private void onSource(String what) throws SQLException {
        run(oldServer, from, "alter database " + quoted(from.profile().database()) + " " + what);
    }

    private static void run(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var connection = server.open(endpoint.profile().database());
                var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /// As the catalogue has them, role and setting.
    private static List<String> settings(PgServer server, Endpoint endpoint) throws SQLException {
        try (var connection = server.open(endpoint.profile().database());
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select coalesce(r.rolname, '') || ' ' || c.word from pg_db_role_setting s
                          join pg_database d on d.oid = s.setdatabase and d.datname = current_database()
                          left join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as c (word)
                         order by 1""")) {
            var all = new ArrayList<String>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
