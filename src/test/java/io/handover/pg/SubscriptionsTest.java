package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Reach;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TableRef HOSTILE = new TableRef("Od\"d schema", "sel'ect, \\\"x\" — ☃");

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final SqlLog log = new SqlLog(Clock.systemUTC());
    private Optional<Pair> pair = Optional.empty();

    /// Two databases with hostile names and the objects of one migration.
    private record Pair(
            PgServer from,
            String fromDatabase,
            PgServer to,
            String toDatabase,
            Server source,
            Server target,
            String name) {}

    @AfterEach
    void drop() throws Exception {
        if (pair.isPresent()) {
            pair.get().source().close();
            pair.get().target().close();
            pair.get().to().drop(pair.get().toDatabase());
            pair.get().from().drop(pair.get().fromDatabase());
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18", "16, 18", "18, 13"})
    void changesArriveAndTheStateSaysWhatRuns(String from, String to) throws Exception {
        var pair = pair(from, to);
        try (var owner = pair.source().open("test");
                var follower = pair.target().open("test")) {
            prepare(pair, owner, follower);
            assertEquals(
                    new SubscriptionReading.Missing(pair.name()), Subscriptions.state(follower.jdbc(), pair.name()));

            subscribe(pair, follower, true);
            owner.change("insert into " + SqlNames.quoted(HOSTILE) + " values (1)");

            Eventually.await(LONG, "the row has arrived", () -> rows(follower.jdbc()) == 1);
            var state = assertInstanceOf(
                    SubscriptionReading.Present.class, Subscriptions.state(follower.jdbc(), pair.name()));
            assertTrue(state.enabled());
            assertTrue(state.worker().isPresent());
            assertEquals(Optional.of(pair.name()), state.slot());
            assertEquals(Map.of("r", 2), state.tables(), "the table and the fence");
            assertTrue(state.applied().isPresent());
            assertEquals(List.of(pair.name()), applicationNames(owner.jdbc(), pair.name()));

            Subscriptions.disable(follower, pair.name());
            assertTrue(Subscriptions.awaitIdle(follower.jdbc(), pair.name(), owner.jdbc(), pair.name(), LONG));
            assertEquals(new Slots.Reader.Nobody(), Slots.reader(owner.jdbc(), pair.name()));
            owner.change("insert into " + SqlNames.quoted(HOSTILE) + " values (2)");
            Subscriptions.enable(follower, pair.name());
            Eventually.await(LONG, "the second row has arrived", () -> rows(follower.jdbc()) == 2);

            assertTrue(Subscriptions.drop(follower, pair.name()));
            assertFalse(Subscriptions.drop(follower, pair.name()), "its absence is no error");
            assertTrue(
                    new SlotMaker(pair.source(), threads).drop(pair.name()),
                    "the slot stays until it is dropped itself");
            Publications.drop(owner, pair.name());
            assertFalse(Publications.exists(owner.jdbc(), pair.name()));
        }
        assertNoPassword(pair);
    }

    /// A follower before 15 asks for no form of its own, and reads the owner's as if it were its own.
    @ParameterizedTest
    @CsvSource({"18, 13", "11, 13", "13, 18"})
    void valuesArriveAsTheyAreHoweverTheOwnersDatabaseWritesThem(String from, String to) throws Exception {
        var pair = pair(from, to);
        try (var owner = pair.source().open("test");
                var follower = pair.target().open("test")) {
            prepare(pair, owner, follower);
            for (DbSession each : List.of(owner, follower)) {
                each.change("alter table " + SqlNames.quoted(HOSTILE) + " add f float8, add d date, add i interval");
            }
            for (String form :
                    List.of("datestyle = 'SQL, DMY'", "intervalstyle = sql_standard", "extra_float_digits = 0")) {
                owner.change("alter database " + SqlNames.quoted(pair.fromDatabase()) + " set " + form);
            }
            subscribe(pair, follower, true);
            owner.change("insert into " + SqlNames.quoted(HOSTILE)
                    + " values (1, 0.1::float8 + 0.2::float8, '2026-04-03', '-1 day -04:05:06')");

            Eventually.await(LONG, "the row has arrived", () -> rows(follower.jdbc()) == 1);
            try (var query = follower.jdbc().createStatement();
                    var row = query.executeQuery("select f, d::text, i::text from " + SqlNames.quoted(HOSTILE))) {
                row.next();
                assertEquals(0.1 + 0.2, row.getDouble(1));
                assertEquals("2026-04-03", row.getString(2));
                assertEquals("-1 days -04:05:06", row.getString(3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "17, 13"})
    void dropsWithTheSlotGoneAndTheOwnerOutOfReach(String from, String to) throws Exception {
        var pair = pair(from, to);
        try (var owner = pair.source().open("test");
                var follower = pair.target().open("test")) {
            prepare(pair, owner, follower);
            subscribe(pair, follower, true);
            Eventually.await(
                    LONG,
                    "the worker is connected",
                    () -> Slots.reader(owner.jdbc(), pair.name()) instanceof Slots.Reader.Pid);
            // nobody gets in there any more, neither to the slot nor to the database
            follower.change("alter subscription " + pair.name() + " connection 'host=127.0.0.1 port=1'");
            assertTrue(new SlotMaker(pair.source(), threads).drop(pair.name()));

            assertTrue(Subscriptions.drop(follower, pair.name()));

            assertInstanceOf(SubscriptionReading.Missing.class, Subscriptions.state(follower.jdbc(), pair.name()));
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 13", "15, 18"})
    void aWrongPasswordIsRefusedAndNeverShown(String from, String to) throws Exception {
        var pair = pair(from, to);
        var wrong = Secret.of("wr'ong \\ pass\"word=%s");
        try (var owner = pair.source().open("test");
                var follower = pair.target().open("test")) {
            prepare(pair, owner, follower);
            var endpoint = new Endpoint(pair.source().endpoint().profile(), wrong);
            var way = ConnectionString.of(endpoint, Reach.same(), pair.name(), Integer.parseInt(to));

            var refused = assertThrows(
                    SQLException.class,
                    () -> Subscriptions.create(follower, pair.name(), way, pair.name(), pair.name(), true, LONG));

            assertTrue(Set.of("08006", "XX000").contains(refused.getSQLState()), refused.getSQLState());
            assertFalse(everything(refused).contains("wr'ong"), everything(refused));
            assertFalse(way.toString().contains("wr'ong"));
            log.history().all().forEach(entry -> assertFalse((entry.sql() + entry.note()).contains("ong \\")));
            assertInstanceOf(SubscriptionReading.Missing.class, Subscriptions.state(follower.jdbc(), pair.name()));
        }
        assertNoPassword(pair);
        assertFalse(java.nio.file.Files.readString(pair.to().log()).contains("wr'ong"));
        assertFalse(java.nio.file.Files.readString(pair.to().log()).contains("wr\\'ong"));
    }

    @Test
    void aMessageThatQuotesThePasswordIsMasked() throws Exception {
        var profile = PgServer.major("15").endpoint("d").profile();
        var way = ConnectionString.of(
                new Endpoint(profile, Secret.of("s3'cr\\et")), new Reach("other host", 6000), "app", 17);

        assertTrue(way.reveal().contains("password='s3\\'cr\\\\et'"), "libpq's escapes");
        assertTrue(way.reveal().contains("host='other host' port='6000' dbname='d' user='postgres'"));
        for (String form : List.of("s3'cr\\et", "s3\\'cr\\\\et", SqlNames.literal(way.reveal()), way.reveal())) {
            String masked = way.masked("near \"" + form + "\"");
            assertFalse(masked.contains("s3"), masked);
            assertFalse(masked.contains("cr\\"), masked);
        }
    }

    @Test
    void aPublicationBecomesExactlyWhatIsAsked() throws Exception {
        var pair = pair("13", "17");
        try (var owner = pair.source().open("test")) {
            HandoverSchema.create(owner, new MigrationId("0123abcd"));
            owner.change("create schema app");
            owner.change("create table app.a (id int primary key)");
            owner.change("create table app.b (id int primary key) partition by range (id)");
            owner.change("create table app.b1 partition of app.b for values from (0) to (10)");
            owner.change("create table app.parent (id int)");
            owner.change("create table app.child () inherits (app.parent)");
            owner.change("create table app.full_row (id int)");
            owner.change("alter table app.full_row replica identity full");
            owner.change("create unlogged table app.unlogged (id int)");
            var a = new TableRef("app", "a");
            var leaf = new TableRef("app", "b1");
            var parent = new TableRef("app", "parent");
            var child = new TableRef("app", "child");

            Publications.make(owner, pair.name(), List.of(a, parent), 17);
            assertEquals(Set.of(a, parent, Publications.FENCE), Publications.tables(owner.jdbc(), pair.name()));

            Publications.make(owner, pair.name(), List.of(a, leaf, child), 17);
            assertEquals(Set.of(a, leaf, child, Publications.FENCE), Publications.tables(owner.jdbc(), pair.name()));

            Publications.remove(owner, pair.name(), List.of(a));
            assertEquals(Set.of(leaf, child, Publications.FENCE), Publications.tables(owner.jdbc(), pair.name()));

            assertEquals(
                    Set.of(parent, child),
                    Publications.withoutIdentity(
                            owner.jdbc(),
                            List.of(
                                    a,
                                    leaf,
                                    parent,
                                    child,
                                    new TableRef("app", "full_row"),
                                    new TableRef("app", "unlogged"))));

            owner.change("create schema more");
            owner.change("create table app.c (id int) partition by range (id)");
            owner.change("create table more.c1 partition of app.c for values from (0) to (10) partition by list (id)");
            owner.change("create table more.c2 partition of more.c1 for values in (1)");
            owner.change("create table more.c3 partition of more.c1 (primary key (id)) for values in (2)");
            var whole = new TableRef("app", "c");
            assertEquals(
                    Set.of(new TableRef("more", "c2")),
                    Publications.withoutIdentity(owner.jdbc(), List.of(a, whole)),
                    "a partitioned table is published with its leaves");
        }
    }

    private Pair pair(String from, String to) {
        var source = PgServer.major(from);
        var target = PgServer.major(to);
        String fromDatabase = source.newHostileDatabase();
        String toDatabase = target.newHostileDatabase();
        var made = new Pair(
                source,
                fromDatabase,
                target,
                toDatabase,
                new Server(Side.SOURCE, source.endpoint(fromDatabase), log),
                new Server(Side.TARGET, target.endpoint(toDatabase), log),
                MigrationId.random(new Random()).publication(Side.SOURCE));
        pair = Optional.of(made);
        return made;
    }

    private void prepare(Pair pair, DbSession owner, DbSession follower) throws Exception {
        for (DbSession session : List.of(owner, follower)) {
            HandoverSchema.create(session, new MigrationId("0123abcd"));
            session.change("create schema " + SqlNames.quoted(HOSTILE.schema()));
            session.change("create table " + SqlNames.quoted(HOSTILE) + " (id int primary key)");
        }
        Publications.make(owner, pair.name(), List.of(HOSTILE), 17);
        new SlotMaker(pair.source(), threads).plain(owner, pair.name(), LONG);
    }

    private static void subscribe(Pair pair, DbSession follower, boolean enabled) throws SQLException {
        Subscriptions.create(
                follower,
                pair.name(),
                ConnectionString.of(
                        pair.source().endpoint(),
                        Reach.same(),
                        pair.name(),
                        pair.to().majorNumber()),
                pair.name(),
                pair.name(),
                enabled,
                LONG);
    }

    private void assertNoPassword(Pair pair) {
        String password = pair.source().endpoint().password().reveal();
        String tail = password.substring(password.length() - 8);
        log.history().all().forEach(entry -> assertFalse((entry.sql() + entry.note()).contains(tail), entry::sql));
    }

    private static String everything(Throwable failure) {
        var text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text, true));
        return text.toString();
    }

    private static long rows(Connection db) throws SQLException {
        try (var sql = db.createStatement();
                var row = sql.executeQuery("select count(*) from " + SqlNames.quoted(HOSTILE))) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> applicationNames(Connection owner, String slot) throws SQLException {
        try (var query = owner.prepareStatement("""
                select a.application_name from pg_replication_slots s join pg_stat_activity a on a.pid = s.active_pid
                 where s.slot_name = ?
                """)) {
            query.setString(1, slot);
            try (var row = query.executeQuery()) {
                return row.next() ? List.of(row.getString(1)) : List.of();
            }
        }
    }
}
