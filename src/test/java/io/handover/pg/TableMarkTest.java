package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.SideMark;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever makes a table other than it was proved is seen without reading its values, on either side; whatever leaves
/// its rows as they were is not taken for a change.
class TableMarkTest {

    private static final String TABLE = """
            create type public.kind_$ as enum ('a', 'b');
            create table public."t'$" (id int primary key, v text not null, w text, k public.kind_$, at timestamptz);
            insert into public."t'$" select i, 'v' || i, null, 'a', '2024-01-01' from generate_series(1, 5000) i
            """;

    /// Statements with `;;` between, `$` for the number of the table.
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("a value", "update public.\"t'$\" set v = 'x' where id = 2500"),
            Map.entry("the same value", "update public.\"t'$\" set v = v where id = 2500"),
            Map.entry(
                    "a value, then frozen",
                    "update public.\"t'$\" set v = 'x' where id = 2500;; vacuum freeze public.\"t'$\""),
            Map.entry("a row less", "delete from public.\"t'$\" where id = 5000"),
            Map.entry("a row more", "insert into public.\"t'$\" values (9001, 'x')"),
            Map.entry(
                    "one less and one more",
                    "delete from public.\"t'$\" where id = 1;; vacuum public.\"t'$\";;"
                            + " insert into public.\"t'$\" values (1, 'x', null, 'a', '2024-01-01')"),
            Map.entry(
                    "inside a savepoint",
                    "do $do$ begin begin update public.\"t'$\" set v = 'x' where id = 7;"
                            + " exception when others then null; end; end $do$"),
            Map.entry(
                    "by hand while triggers and the stream look away",
                    "set session_replication_role = replica;; update public.\"t'$\" set v = 'x' where id = 1;;"
                            + " reset session_replication_role"),
            Map.entry(
                    "all rows exchanged for as many, frozen as they come",
                    "create table public.n_$ as select id, 'x' as v, w, k, at from public.\"t'$\";;"
                            + " truncate public.\"t'$\";; insert into public.\"t'$\" select * from public.n_$;;"
                            + " vacuum freeze public.\"t'$\""),
            Map.entry(
                    "another table under its name",
                    "create table public.n_$ (like public.\"t'$\" including all);;"
                            + " alter table public.\"t'$\" rename to o_$;; alter table public.n_$ rename to \"t'$\""),
            Map.entry(
                    "a column that was dropped and added again with a constant",
                    "alter table public.\"t'$\" drop column w;; alter table public.\"t'$\" add column w text default 'x'"),
            Map.entry("another label of an enum", "alter type public.kind_$ rename value 'a' to 'z'"));

    private static final Map<String, String> NO_CHANGES = Map.of(
            "frozen", "vacuum freeze public.\"t'$\"",
            "analyzed", "analyze public.\"t'$\"",
            "taken back",
                    "do $do$ begin begin update public.\"t'$\" set v = 'x'; raise exception 'no';"
                            + " exception when others then null; end; end $do$",
            "locked", "select * from public.\"t'$\" for update",
            "indexed", "create index on public.\"t'$\" (v)",
            "other tables", "create table public.other_$ as select generate_series(1, 1000) i");

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void everyChangeIsSeen(String from, String to) throws Exception {
        try (var pair = Pair.of(from, to)) {
            for (Side side : Side.values()) {
                for (var change : CHANGES.entrySet()) {
                    var before = pair.proved();
                    pair.run(side, change.getValue());

                    var found = pair.changed(before);

                    assertInstanceOf(TableFound.Compared.class, found, () -> change.getKey() + " on the " + side);
                }
                for (var change : NO_CHANGES.entrySet()) {
                    var before = pair.proved();
                    pair.run(side, change.getValue());

                    var found = assertInstanceOf(
                            TableFound.Unchanged.class, pair.changed(before), () -> change.getKey() + " on " + side);
                    pair.run(side, "delete from public.\"t'$\" where id = 3");
                    assertInstanceOf(
                            TableFound.Compared.class,
                            pair.changed(found.marks()),
                            () -> "a change after a second look that found none: " + change.getKey());
                }
            }
        }
    }

    /// What was written before the proof and committed after it has an older number than much of what was proved.
    @ParameterizedTest
    @CsvSource({"SOURCE, false", "TARGET, false", "SOURCE, true", "TARGET, true"})
    void aTransactionThatWasOpenAtTheProofIsSeen(Side side, boolean savepoint) throws Exception {
        try (var pair = Pair.of("15", "18");
                var session = pair.server(side).open("application");
                var sql = session.jdbc().createStatement()) {
            pair.newTable();
            session.jdbc().setAutoCommit(false);
            if (savepoint) {
                sql.execute("savepoint s");
            }
            sql.execute("update public.\"t'" + pair.number + "\" set v = 'x' where id = 1");
            pair.run(side, "create table public.later_$ as select generate_series(1, 10) i");
            pair.run(side, "insert into public.\"t'$\" values (9001, 'x')");
            pair.run(side.other(), "insert into public.\"t'$\" values (9001, 'x')");

            var before = pair.marks();
            session.jdbc().commit();

            assertInstanceOf(TableFound.Compared.class, pair.changed(before));
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 18"})
    void aServerThatGivesOutItsNumbersOnceMoreIsNotBelieved(String from, String to) throws Exception {
        try (var pair = Pair.of(from, to)) {
            var before = pair.proved();
            SideMark later = before.follower().at(before.follower().horizon() + 1_000_000);
            SideMark restarted = new SideMark(
                    "another",
                    before.owner().horizon(),
                    before.owner().rows(),
                    before.owner().digest());
            SideMark ages = before.owner().at(Math.max(0, before.owner().horizon() - (1L << 31)));

            assertInstanceOf(TableFound.Compared.class, pair.changed(new TableFound.Marks(before.owner(), later)));
            assertInstanceOf(
                    TableFound.Compared.class, pair.changed(new TableFound.Marks(restarted, before.follower())));
            assertInstanceOf(TableFound.Compared.class, pair.changed(new TableFound.Marks(ages, before.follower())));
            assertInstanceOf(TableFound.Unchanged.class, pair.changed(before));
        }
    }

    /// What a value reads like may change although nobody writes it.
    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void whereTheTextDependsOnMoreThereIsNoMark(String from, String to) throws Exception {
        try (var pair = Pair.of(from, to)) {
            for (String column : List.of(
                    "c pg_catalog.regclass",
                    "c public.pair",
                    "c public.pair[]",
                    "c public.twice",
                    "c text generated always as (id::text) stored")) {
                pair.newTable("create table public.\"t'$\" (id int primary key, " + column + ")");
                assertEquals(Optional.empty(), pair.read(), column);
            }
            for (String column : List.of(
                    "c public.kind", "c public.kind[]", "c public.short", "c int4range", "c numeric(10, 2)[]")) {
                pair.newTable("create table public.\"t'$\" (id int primary key, " + column + ")");
                assertTrue(pair.read().isPresent(), column);
            }
        }
    }

    /// Two databases with one table after another.
    private static final class Pair implements AutoCloseable {

        private final Server source;
        private final Server target;
        private final ExecutorService helper = Executors.newSingleThreadExecutor();
        private int number;

        private Pair(Server source, Server target) {
            this.source = source;
            this.target = target;
        }

        static Pair of(String from, String to) throws SQLException {
            var log = new SqlLog(Clock.systemUTC());
            var one = PgServer.major(from);
            var other = PgServer.major(to);
            var pair = new Pair(
                    new Server(Side.SOURCE, one.endpoint(one.newDatabase()), log),
                    new Server(Side.TARGET, other.endpoint(other.newDatabase()), log));
            for (Side side : Side.values()) {
                pair.run(side, """
                        create type public.kind as enum ('a');;
                        create type public.pair as (a int, b int);;
                        create domain public.short as varchar(5);;
                        create domain public.twice as public.short""");
            }
            return pair;
        }

        Server server(Side side) {
            return side == Side.SOURCE ? source : target;
        }

        void newTable() throws SQLException {
            newTable(TABLE.replace(";\n", ";;\n"));
        }

        void newTable(String sql) throws SQLException {
            number++;
            for (Side side : Side.values()) {
                run(side, sql);
            }
        }

        /// A new table, equal on both sides.
        TableFound.Marks proved() throws Exception {
            newTable();
            return marks();
        }

        TableFound.Marks marks() throws Exception {
            return read().orElseThrow();
        }

        Optional<TableFound.Marks> read() throws Exception {
            var found = assertInstanceOf(TableFound.Compared.class, compare(Optional.empty()));
            assertEquals(0, found.outsideRows());
            return found.marks();
        }

        TableFound changed(TableFound.Marks before) throws Exception {
            return compare(Optional.of(before));
        }

        private TableFound compare(Optional<TableFound.Marks> before) throws Exception {
            try (var one = source.open("test");
                    var other = target.open("test")) {
                var dialect = TableDigest.Dialect.of(one.jdbc(), other.jdbc());
                var here = SnapshotSession.prepare(one, dialect);
                var there = SnapshotSession.prepare(other, dialect);
                here.take();
                there.take();
                var comparer = new TableComparer(here, there, dialect, helper);
                var pair = TablePair.of(shape(here.jdbc()), shape(there.jdbc()));
                return before.isPresent()
                        ? comparer.changed(
                                pair,
                                WindowKeys.none(),
                                before.get().owner(),
                                before.get().follower())
                        : comparer.whole(pair, WindowKeys.none());
            }
        }

        private TableShape shape(Connection connection) throws SQLException {
            return Optional.ofNullable(TableShapes.read(connection).get(new TableRef("public", "t'" + number)))
                    .orElseThrow();
        }

        void run(Side side, String sql) throws SQLException {
            try (var session = server(side).open("test");
                    var statement = session.jdbc().createStatement()) {
                statement.setEscapeProcessing(false);
                for (String one : sql.replace("$do$", "€")
                        .replace("$", String.valueOf(number))
                        .split(";;", -1)) {
                    statement.execute(one.replace("€", "$do$"));
                }
            }
        }

        @Override
        public void close() throws SQLException {
            helper.shutdown();
            source.close();
            target.close();
        }
    }
}
