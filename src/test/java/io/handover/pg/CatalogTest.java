package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.ReplicaIdentity;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void onlyTablesThatHoldTheUsersRowsCount(String major) throws Exception {
        try (var db = empty(major)) {
            run(db, """
                    create extension hstore;
                    create schema handover; create table handover.fence (id int);
                    create temp table passing (id int);
                    create table plain (id int primary key);
                    create unlogged table fleeting (id int);
                    create table parent (id int, day date) partition by range (day);
                    create table middle partition of parent for values from ('2024-01-01') to ('2025-01-01')
                        partition by hash (id);
                    create table leaf partition of middle for values with (modulus 1, remainder 0);
                    create table heir () inherits (plain);
                    create view seen as select * from plain;
                    create materialized view kept as select * from plain;
                    create schema "We ird"; create table "We ird"."T""q" (id int);
                    """);

            var tables = byName(Catalog.tables(db));

            assertEquals(
                    List.of("We ird.T\"q", "public.fleeting", "public.heir", "public.leaf", "public.plain"),
                    Catalog.tables(db).stream().map(t -> t.table().display()).toList());
            assertEquals(table("parent"), tables.get("leaf").root(), "the topmost partitioned table");
            assertEquals(table("heir"), tables.get("heir").root(), "inheritance is no partitioning");
            assertTrue(tables.get("fleeting").unlogged());
            assertEquals(List.of(table("middle"), table("parent")), Catalog.partitionedTables(db));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void sizesAndEstimatesAreUnknownBeforeTheyAreKnown(String major) throws Exception {
        try (var db = empty(major)) {
            run(db, "create table filled as select generate_series(1, 10000) as id; create table bare (id int)");
            assertEquals(-1, byName(Catalog.tables(db)).get("filled").rows());

            run(db, "analyze filled");

            assertEquals(10_000, byName(Catalog.tables(db)).get("filled").rows());
            assertTrue(byName(Catalog.tables(db)).get("filled").bytes() > 10_000L * 28, "28 bytes a row at least");
            assertEquals(0, byName(Catalog.tables(db)).get("bare").bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void anIdentityCountsOnlyIfTheServerCouldUseIt(String major) throws Exception {
        try (var db = empty(major)) {
            run(db, """
                    create table pk (a int, b int, c int, primary key (c, a) include (b));
                    create table deferred (id int primary key deferrable);
                    create table bare (id int);
                    create table full_row (id int); alter table full_row replica identity full;
                    create table full_pk (id int primary key); alter table full_pk replica identity full;
                    create table nothing (id int primary key); alter table nothing replica identity nothing;
                    create table chosen (id int primary key, code text not null);
                    create unique index by_code on chosen (code); alter table chosen replica identity using index by_code;
                    create table lost (id int primary key, code text not null);
                    create unique index gone on lost (code); alter table lost replica identity using index gone;
                    drop index gone;
                    """);

            var found = Catalog.tables(db).stream()
                    .collect(Collectors.toMap(t -> t.table().name(), TableInfo::identity));

            assertEquals(
                    Map.of(
                            "pk", ReplicaIdentity.PRIMARY_KEY,
                            "deferred", ReplicaIdentity.NONE,
                            "bare", ReplicaIdentity.NONE,
                            "full_row", ReplicaIdentity.FULL,
                            "full_pk", ReplicaIdentity.FULL,
                            "nothing", ReplicaIdentity.NONE,
                            "chosen", ReplicaIdentity.INDEX,
                            "lost", ReplicaIdentity.NONE),
                    found);
            assertEquals(
                    Map.of(
                            table("pk"), List.of("c", "a"),
                            table("full_pk"), List.of("id"),
                            table("nothing"), List.of("id"),
                            table("chosen"), List.of("code")),
                    Catalog.allKeyColumns(db));
            assertEquals(List.of("c", "a"), Catalog.keyColumns(db, table("pk")));
            assertEquals(List.of(), Catalog.keyColumns(db, table("bare")));
            assertEquals(List.of(), Catalog.keyColumns(db, table("deferred")));
        }
    }

    @Test
    void aTableThatSomebodyRewritesIsNotWaitedFor() throws Exception {
        var server = PgServer.major("15");
        var database = server.newDatabase();
        try (var db = server.open(database);
                var other = server.open(database)) {
            run(other, "create table public.t (id int primary key)");
            other.setAutoCommit(false);
            run(other, "lock table public.t in access exclusive mode");
            run(db, "set lock_timeout = '2s'");

            assertEquals(List.of("t"), List.copyOf(byName(Catalog.tables(db)).keySet()));
        }
    }

    @Test
    void columnsKeepTheirPlacesAndTheirHostileNames() throws Exception {
        try (var db = empty("18")) {
            run(db, """
                    create domain public.email as text;
                    create table t (
                        id bigint generated by default as identity, gone int, "sel'ect""\\ 🐘" numeric(12,2)[] not null,
                        mail public.email, twice bigint generated always as (id * 2) stored,
                        thrice bigint generated always as (id * 3) virtual);
                    alter table t drop column gone;
                    """);

            run(db, "set search_path = ''"); // as Handover's sessions have it
            var columns = Catalog.columns(db, table("t"));

            assertEquals(
                    List.of(
                            new ColumnInfo("id", "bigint", false, true, true, 1),
                            new ColumnInfo("sel'ect\"\\ 🐘", "numeric(12,2)[]", false, false, true, 3),
                            new ColumnInfo("mail", "public.email", false, false, false, 4),
                            new ColumnInfo("twice", "bigint", true, false, false, 5),
                            new ColumnInfo("thrice", "bigint", true, false, false, 6)),
                    columns);
            assertEquals(Map.of(table("t"), columns), Catalog.allColumns(db));
            assertEquals(List.of(), Catalog.columns(db, table("no such")));
        }
    }

    @Test
    void aMaterializedViewComesAfterWhatItReads() throws Exception {
        try (var db = empty("15")) {
            run(db, """
                    create table t (id int);
                    create materialized view z as select * from t;
                    create view y as select * from z;
                    create materialized view a as select * from y;
                    create materialized view b as select * from a with no data;
                    """);

            assertEquals(
                    List.of(
                            new MaterializedView(table("z"), true),
                            new MaterializedView(table("a"), true),
                            new MaterializedView(table("b"), false)),
                    Catalog.materializedViews(db));
        }
    }

    @Test
    void whatDoesNotMoveByItselfIsCounted() throws Exception {
        try (var db = empty("15")) {
            run(db, """
                    create table t (id serial, at int generated always as identity);
                    create sequence loose;
                    create foreign data wrapper w; create server s foreign data wrapper w;
                    create foreign table far (id int) server s;
                    select lo_create(0), lo_create(0);
                    """);

            assertEquals(List.of(table("loose"), table("t_at_seq"), table("t_id_seq")), Catalog.sequences(db));
            assertEquals(List.of(table("far")), Catalog.foreignTables(db));
            assertEquals(2, Catalog.largeObjectCount(db));
            assertEquals(List.of(), Catalog.extensionTables(db));
            assertTrue(Catalog.databaseBytes(db) > 1_000_000, "an empty database has some megabytes");
        }
    }

    private static Connection empty(String major) throws SQLException {
        var server = PgServer.major(major);
        var db = server.open(server.newDatabase());
        run(db, "set search_path = public");
        return db;
    }

    private static void run(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static TableRef table(String name) {
        return new TableRef("public", name);
    }

    private static Map<String, TableInfo> byName(List<TableInfo> tables) {
        return tables.stream().collect(Collectors.toMap(t -> t.table().name(), Function.identity()));
    }
}
