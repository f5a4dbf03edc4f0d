package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.LagView;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.FreezeLock;
import io.handover.pg.HandoverSchema;
import io.handover.pg.MarkChange;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What would write on the old owner although its database is read-only by default.
class GateHolesTest {

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void aRoleOfItsOwnMindAndAnotherFeedCloseTheirGates(String major) throws Exception {
        PgServer server = PgServer.major(major);
        Endpoint endpoint = server.endpoint(server.newDatabase());
        String database = endpoint.profile().database();
        String role = "\"Gate \"\"" + database + "\"";
        try (Connection connection = server.open(database);
                var sql = connection.createStatement()) {
            assertTrue(gate(endpoint, connection, "no-writable-role").open());
            assertTrue(gate(endpoint, connection, "no-other-feed").open());

            sql.execute("create role " + role);
            sql.execute("alter role " + role + " set default_transaction_read_only = on");
            assertTrue(gate(endpoint, connection, "no-writable-role").open(), "that one is no hole");
            sql.execute(
                    "alter role " + role + " in database \"" + database + "\" set default_transaction_read_only = off");
            GateReading closed = gate(endpoint, connection, "no-writable-role");
            assertEquals(false, closed.open());
            assertTrue(closed.detail().contains("Gate \"" + database), closed::toString);
            sql.execute(closed.remedy()); // it is SQL that helps
            assertTrue(gate(endpoint, connection, "no-writable-role").open());
            sql.execute("drop role " + role);

            String feed = "feed \"\"" + database;
            sql.execute("create subscription \"" + feed + "\" connection 'host=127.0.0.1 port=1 dbname=x'"
                    + " publication p with (connect = false)");
            assertTrue(gate(endpoint, connection, "no-other-feed").open(), "it is not enabled");
            sql.execute("alter subscription \"" + feed + "\" enable");
            closed = gate(endpoint, connection, "no-other-feed");
            assertEquals(false, closed.open());
            assertTrue(closed.remedy().contains("alter subscription \"" + feed + "\" disable;"), closed::toString);
            sql.execute("alter subscription \"" + feed + "\" disable");
            sql.execute("alter subscription \"" + feed + "\" set (slot_name = none)");
            sql.execute("drop subscription \"" + feed + "\"");
        }
        server.drop(database);
    }

    /// Everything that a freeze by role could not stop, or not do.
    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void aFreezeByRoleIsRefusedWhereItWouldNotHold(String major) throws Exception {
        PgServer server = PgServer.major(major);
        Endpoint endpoint = server.endpoint(server.newDatabase());
        String database = endpoint.profile().database();
        String app = "app \"" + database;
        String group = "group " + database;
        try (Connection connection = server.open(database);
                var sql = connection.createStatement()) {
            sql.execute("create role \"" + app.replace("\"", "\"\"") + "\" login createrole password 'secret'");
            sql.execute("create role \"" + group + "\"");
            var plan = Plan.of(new MigrationId("000000aa"), endpoint.profile(), endpoint.profile());
            Plan named = plan.with(FreezeMethod.NAMED_ROLES, plan.deadline(), plan.window(), plan.hooks());
            assertTrue(refusal(gate(named, Side.SOURCE, connection, "freeze-roles"))
                    .contains("no role is named"));
            assertTrue(byRole(endpoint, connection, Side.SOURCE, app).open());
            assertTrue(refusal(byRole(endpoint, connection, Side.SOURCE, app, "typo"))
                    .contains("typo"));
            assertTrue(byRole(endpoint, connection, Side.TARGET, app, "typo").open(), "others may be used there");
            assertTrue(
                    refusal(byRole(endpoint, connection, Side.TARGET, "typo")).contains("typo"));
            assertTrue(refusal(byRole(endpoint, connection, Side.SOURCE, app, group))
                    .contains(group));

            try (var plain = java.sql.DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, app, "secret")) {
                String superuser = endpoint.profile().user();
                assertTrue(
                        refusal(byRole(endpoint, plain, Side.SOURCE, superuser)).contains("only a superuser"));
                GateReading itself = byRole(endpoint, plain, Side.SOURCE, app);
                assertTrue(refusal(itself).contains("event triggers"), "alter itself it may, but not this");
                assertFalse(itself.detail().contains("alter"), itself::detail);
                assertTrue(itself.remedy().contains("superuser"), itself::remedy);
                String both = refusal(byRole(endpoint, plain, Side.SOURCE, superuser, group));
                assertTrue(
                        both.contains("event triggers") && both.contains(group) && both.contains("only a superuser"),
                        "all of it is told at once");
            }
            sql.execute("create unlogged table volatile (id int)");
            assertTrue(refusal(byRole(endpoint, connection, Side.SOURCE, app)).contains("volatile"));
            sql.execute("drop table volatile");
            sql.execute("select lo_create(4711)");
            assertTrue(refusal(byRole(endpoint, connection, Side.SOURCE, app)).contains("large objects"));
            sql.execute("drop role \"" + app.replace("\"", "\"\"") + "\"");
            sql.execute("drop role \"" + group + "\"");
        }
        server.drop(database);
    }

    /// A roll back must not begin before a person has looked at it.
    @Test
    void aLargeObjectMadeAfterAHandOverByRoleClosesTheGateOfTheRollBack() throws Exception {
        PgServer server = PgServer.major("17");
        String old = server.newDatabase();
        String now = server.newDatabase();
        Endpoint endpoint = server.endpoint(now);
        var plan = Plan.of(new MigrationId("000000ab"), server.endpoint(old).profile(), endpoint.profile());
        try (var source = new Server(Side.SOURCE, server.endpoint(old), new SqlLog(Clock.systemUTC()));
                var session = source.openSimple("test");
                var owner = server.open(now)) {
            HandoverSchema.create(session, plan.id());
            session.change("select lo_create(4711)");
            var mark = new MarkChange(session, plan.id(), Side.SOURCE, 1);
            assertTrue(mark.arm(Duration.ofSeconds(30)) && mark.handOver(Set.of(), Duration.ZERO));
            assertTrue(late(plan, owner, session.jdbc()).isEmpty(), "not handed over yet");

            assertTrue(mark.confirm(FreezeLock.Guard.none()));
            GateReading closed = late(plan, owner, session.jdbc()).orElseThrow();
            assertTrue(refusal(closed).contains("large object 4711"), closed::detail);
            session.change(closed.remedy().substring(closed.remedy().indexOf("select lo_unlink")));
            assertTrue(late(plan, owner, session.jdbc()).orElseThrow().open());
        }
        server.drop(old);
        server.drop(now);
    }

    private static Optional<GateReading> late(Plan plan, Connection from, Connection to) throws SQLException {
        var questions = new GateQuestions(plan, Side.TARGET, LagView.none(Instant.EPOCH), Instant.EPOCH);
        return questions.ofServers(from, to).stream()
                .filter(gate -> gate.id().equals("no-late-objects"))
                .findFirst();
    }

    /// What a closed one that nobody can override says.
    private static String refusal(GateReading gate) {
        assertEquals(false, gate.open(), gate::toString);
        assertInstanceOf(Overriding.Never.class, gate.overriding());
        return gate.detail();
    }

    private static GateReading byRole(Endpoint endpoint, Connection connection, Side owner, String... roles)
            throws SQLException {
        var plan = Plan.of(new MigrationId("000000aa"), endpoint.profile(), endpoint.profile());
        return RoleGates.of(
                plan.with(FreezeMethod.NAMED_ROLES, plan.deadline(), plan.window(), plan.hooks())
                        .withFreezeRoles(List.of(roles)),
                owner,
                connection);
    }

    /// Its age grows, and it stays the same finding; the next one of the same session is another.
    @Test
    void anOverrideOfALongTransactionIsForThatTransactionOnly() throws Exception {
        PgServer server = PgServer.major("17");
        Endpoint endpoint = server.endpoint(server.newDatabase());
        try (Connection connection = server.open(endpoint.profile().database());
                var writing = server.open(endpoint.profile().database());
                var sql = writing.createStatement()) {
            sql.execute("create table t (id int)");
            writing.setAutoCommit(false);
            sql.execute("insert into t values (1)");
            GateReading first = closed(endpoint, connection);
            GateReading later = closedOtherwise(endpoint, connection, first);
            assertEquals(first.overriding(), later.overriding(), "the same transaction, some seconds later");

            writing.rollback();
            sql.execute("insert into t values (2)");
            GateReading next = closed(endpoint, connection);
            assertNotEquals(basis(first), basis(next));
        }
        server.drop(endpoint.profile().database());
    }

    private static GateReading closed(Endpoint endpoint, Connection connection) throws Exception {
        Eventually.await(
                Duration.ofSeconds(30),
                "the gate closes",
                () -> !gate(endpoint, connection, "no-long-transaction").open());
        return gate(endpoint, connection, "no-long-transaction");
    }

    private static GateReading closedOtherwise(Endpoint endpoint, Connection connection, GateReading than)
            throws Exception {
        Eventually.await(
                Duration.ofSeconds(30),
                "its age is another",
                () -> !gate(endpoint, connection, "no-long-transaction")
                        .detail()
                        .equals(than.detail()));
        return gate(endpoint, connection, "no-long-transaction");
    }

    private static String basis(GateReading gate) {
        return assertInstanceOf(Overriding.Possible.class, gate.overriding()).basis();
    }

    private static GateReading gate(Endpoint endpoint, Connection connection, String id) throws SQLException {
        return gate(
                Plan.of(new MigrationId("000000aa"), endpoint.profile(), endpoint.profile()),
                Side.SOURCE,
                connection,
                id);
    }

    private static GateReading gate(Plan plan, Side owner, Connection connection, String id) throws SQLException {
        var questions = new GateQuestions(plan, owner, LagView.none(Instant.EPOCH), Instant.EPOCH);
        return questions.ofServers(connection, connection).stream()
                .filter(g -> g.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
