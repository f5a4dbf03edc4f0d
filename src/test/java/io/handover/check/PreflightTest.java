package io.handover.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Reach;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.HandoverSchema;
import io.handover.pg.PgDump;
import io.handover.pg.ReplicaIdentities;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each fault is planted on real servers and must be named; a sound pair must have no blocker.
class PreflightTest {

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final SqlLog log = new SqlLog(Clock.systemUTC());
    private final PgDump dump = PgDump.installed(new NamedThreads(e -> {
        throw new IllegalStateException(e);
    }));
    private Endpoint from;
    private Endpoint to;
    private Server source;
    private Server target;
    private Plan plan;

    @BeforeEach
    void servers() {
        from = oldServer.endpoint(oldServer.newDatabase());
        to = newServer.endpoint(newServer.newHostileDatabase());
        source = new Server(Side.SOURCE, from, log);
        target = new Server(Side.TARGET, to, log);
        plan = Plan.of(new MigrationId("0000c0de"), from.profile(), to.profile());
    }

    @AfterEach
    void drop() throws Exception {
        source.close();
        target.close();
        oldServer.drop(from.profile().database());
        newServer.drop(to.profile().database());
    }

    @Test
    void aSoundPairHasNoBlockerAndNothingIsChangedByLooking() throws Exception {
        onSource("create table t (id int primary key)");
        PreflightReport report = run();
        assertEquals(
                List.of(),
                report.findings().stream()
                        .filter(f -> f.severity() == Severity.BLOCKER)
                        .toList());
        assertTrue(report.passed().contains("servers-reach-each-other"), "it really tried");
        assertEquals(0, log.history().added(), "no statement that changes anything");
    }

    @Test
    void aTableWithoutIdentityBlocksUntilItIsFixedAndIsPutBackExactly() throws Exception {
        onSource("create table \"Odd \"\"name\n\" (a int, b text)");
        onSource("create table uniq (a int not null unique, b text)");
        onSource("create table silent (a int)");
        onSource("alter table silent replica identity nothing");
        Finding finding = only(run(), "replica-identity");
        assertEquals(Severity.BLOCKER, finding.severity());
        assertTrue(finding.fixable());
        assertTrue(finding.remedy().contains("using index \"uniq_a_key\""), finding.remedy());

        Preflight.fix(plan, source, target, dump, finding);
        assertFalse(names(run()).contains("replica-identity"));
        assertEquals("ffi", identities(), "FULL, FULL and the index");
        try (DbSession session = source.open("test")) {
            ReplicaIdentities.putBack(session);
            HandoverSchema.drop(session, plan.id());
        }
        assertEquals("dnd", identities(), "as it was before");
    }

    /// FULL would only change which of the checks blocks, and on a production server.
    @Test
    void aTableThatFullWouldNotHelpIsLeftAloneByTheFix() throws Exception {
        onSource("create table documents (a json)");
        onSource("create table keyed (a json, b int not null unique)");
        onSource("create table plain (a int)");
        List<Finding> found = run().findings().stream()
                .filter(f -> f.check().equals("replica-identity"))
                .toList();
        assertEquals(List.of(false, true), found.stream().map(Finding::fixable).toList());
        assertTrue(found.getFirst().title().contains("documents"), found::toString);
        assertFalse(found.getLast().remedy().contains("documents"), found::toString);

        Preflight.fix(plan, source, target, dump, found.getLast());
        assertEquals("dif", identities(), "documents as before, keyed by its index, plain FULL");
        assertFalse(names(run()).contains("full-identity"));
        Finding left = only(run(), "replica-identity");
        assertFalse(left.fixable());
        try (DbSession session = source.open("test")) {
            ReplicaIdentities.putBack(session);
            HandoverSchema.drop(session, plan.id());
        }
    }

    @Test
    void aTargetThatIsNotEmptyBlocks() throws Exception {
        try (Connection c = newServer.open(to.profile().database());
                var statement = c.createStatement()) {
            statement.execute("create table mine (id int primary key)");
        }
        assertEquals(Severity.BLOCKER, only(run(), "target-empty").severity());
    }

    @Test
    void anOlderTargetAndTheSameDatabaseBlock() throws Exception {
        var backwards = Plan.of(plan.id(), to.profile(), from.profile());
        try (var newSource = new Server(Side.SOURCE, to, log);
                var oldTarget = new Server(Side.TARGET, from, log)) {
            var report = Preflight.run(backwards, newSource, oldTarget, dump, Clock.systemUTC());
            assertEquals(Severity.BLOCKER, only(report, "versions").severity());
        }
        try (var same = new Server(Side.TARGET, from, log)) {
            var report = Preflight.run(
                    Plan.of(plan.id(), from.profile(), from.profile()), source, same, dump, Clock.systemUTC());
            assertEquals(Severity.BLOCKER, only(report, "same-database").severity());
        }
    }

    @Test
    void aSourceOfVersion10IsFineButPassesNoTruncateOn() throws Exception {
        var old = PgServer.major("10");
        Endpoint oldest = old.endpoint(old.newDatabase());
        var from10 = Plan.of(plan.id(), oldest.profile(), to.profile());
        try (var oldSource = new Server(Side.SOURCE, oldest, log)) {
            var report = Preflight.run(from10, oldSource, target, dump, Clock.systemUTC());
            assertEquals(Severity.WARNING, only(report, "versions").severity());
            assertTrue(only(report, "versions").title().contains("TRUNCATE"));
            assertEquals(
                    List.of(),
                    report.findings().stream()
                            .filter(f -> f.severity() == Severity.BLOCKER)
                            .toList());
        }
        old.drop(oldest.profile().database());
    }

    @Test
    void aTargetThatCannotReachTheSourceBlocksAndThePasswordIsNotTold() throws Exception {
        var lost = plan.with(new Reach("127.0.0.1", 1), Reach.same());
        var report = Preflight.run(lost, source, target, dump, Clock.systemUTC());
        Finding finding = only(report, "servers-reach-each-other");
        assertEquals(Severity.BLOCKER, finding.severity());
        assertEquals(Side.TARGET, finding.side());
        if (!from.password().isNone()) {
            assertFalse(finding.toString().contains(from.password().reveal()));
        }
    }

    @Test
    void preparedAndLongTransactionsAreNamed() throws Exception {
        try (var server = PgServer.dedicated("15", Map.of("max_prepared_transactions", "5"))) {
            String database = server.newDatabase();
            Endpoint endpoint = server.endpoint(database);
            try (var own = new Server(Side.SOURCE, endpoint, log);
                    var open = server.open(database);
                    var statement = open.createStatement()) {
                statement.execute("create table t (id int primary key)");
                open.setAutoCommit(false);
                statement.execute("insert into t values (1)");
                statement.execute("prepare transaction 'left behind'");
                var report = Preflight.run(
                        Plan.of(plan.id(), endpoint.profile(), to.profile()), own, target, dump, Clock.systemUTC());
                Finding finding = only(report, "prepared-transactions");
                assertEquals(Severity.BLOCKER, finding.severity());
                assertTrue(finding.title().contains("left behind"), finding.title());
                open.setAutoCommit(true);
                statement.execute("rollback prepared 'left behind'");
            }
        }
    }

    @Test
    void aServerWithoutLogicalWalOrRoomBlocks() throws Exception {
        try (var server = PgServer.dedicated(
                "15",
                Map.of("wal_level", "replica", "max_replication_slots", "0", "max_logical_replication_workers", "0"))) {
            String database = server.newDatabase();
            Endpoint endpoint = server.endpoint(database);
            try (var own = new Server(Side.SOURCE, endpoint, log)) {
                var report = Preflight.run(
                        Plan.of(plan.id(), endpoint.profile(), to.profile()), own, target, dump, Clock.systemUTC());
                assertEquals(Severity.BLOCKER, only(report, "wal-level").severity());
                assertTrue(
                        report.findings().stream()
                                .anyMatch(f -> f.check().equals("capacity")
                                        && f.title().contains("slots")),
                        "no slot is free");
            }
        }
    }

    @Test
    void roomForTheStreamButNotForAnInterruptedCopyIsAWarning() throws Exception {
        try (var server = PgServer.dedicated("15", Map.of("wal_level", "logical", "max_replication_slots", "1"))) {
            Endpoint endpoint = server.endpoint(server.newDatabase());
            try (var own = new Server(Side.SOURCE, endpoint, log)) {
                var report = Preflight.run(
                        Plan.of(plan.id(), endpoint.profile(), to.profile()), own, target, dump, Clock.systemUTC());
                var finding = only(report, "capacity");
                assertEquals(Severity.WARNING, finding.severity());
                assertTrue(finding.title().contains("slot"), finding::toString);
            }
        }
    }

    @Test
    void aPlainRoleIsToldEveryRightItLacks() throws Exception {
        onSource("create table t (id int primary key)");
        try (Connection c = oldServer.open(from.profile().database());
                var statement = c.createStatement()) {
            statement.execute("create role plain login password 'S3cret!'");
        }
        try {
            var profile = new io.handover.model.Profile(
                    "p",
                    from.profile().host(),
                    from.profile().port(),
                    from.profile().database(),
                    "plain",
                    from.profile().tls(),
                    "",
                    io.handover.model.Environment.TEST);
            var endpoint = new Endpoint(profile, io.handover.model.Secret.of("S3cret!"));
            try (var own = new Server(Side.SOURCE, endpoint, log)) {
                var report =
                        Preflight.run(Plan.of(plan.id(), profile, to.profile()), own, target, dump, Clock.systemUTC());
                var titles = report.findings().stream()
                        .filter(f -> f.check().equals("rights") && f.severity() == Severity.BLOCKER)
                        .map(Finding::title)
                        .toList();
                for (String lacking :
                        List.of("replicate", "create", "subscriptions", "own the database", "read", "own ")) {
                    assertTrue(titles.stream().anyMatch(t -> t.contains(lacking)), lacking + " in " + titles);
                }
                assertFalse(report.toString().contains("S3cret!"));
            }
        } finally {
            try (Connection c = oldServer.open(from.profile().database());
                    var statement = c.createStatement()) {
                statement.execute("drop role plain");
            }
        }
    }

    private PreflightReport run() throws PreflightUnreachable, InterruptedException {
        return Preflight.run(plan, source, target, dump, Clock.systemUTC());
    }

    private static Finding only(PreflightReport report, String check) {
        var found =
                report.findings().stream().filter(f -> f.check().equals(check)).toList();
        assertEquals(1, found.size(), () -> check + " in " + report);
        return found.getFirst();
    }

    private static List<String> names(PreflightReport report) {
        return report.findings().stream().map(Finding::check).toList();
    }

    private String identities() throws SQLException {
        try (Connection c = oldServer.open(from.profile().database());
                var statement = c.createStatement();
                var row = statement.executeQuery(
                        "select string_agg(relreplident::text, '' order by relname collate \"C\")"
                                + " from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")) {
            row.next();
            return row.getString(1);
        }
    }

    private void onSource(String sql) throws SQLException {
        try (Connection c = oldServer.open(from.profile().database());
                var statement = c.createStatement()) {
            statement.setEscapeProcessing(false); // the driver's own parser trips over a quote in a name
            statement.execute(sql);
        }
    }
}
