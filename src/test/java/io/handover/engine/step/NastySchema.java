package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tables of every kind that a copy can stumble over, with rows, and the comparison of both sides by content.
public final class NastySchema {

    /// A schema and a table named by somebody with humour.
    static final String HOSTILE = "\"Sch\"\"ema ' \\ ☃\".\"select; \"\"x\"\" -- , ?{fn}\"";

    /// The statements that make it.
    public static final List<String> DDL = List.of(
            "create schema app",
            "create schema \"Sch\"\"ema ' \\ ☃\"",
            "create type app.mood as enum ('sad', 'so, \"so\"', 'happy')",
            "create type app.pair as (a int, m app.mood)",
            "create domain app.place as regclass",
            "create table " + HOSTILE + " (\"I d\" bigint generated always as identity primary key,"
                    + " \"va'l\\\" text, \"?\" app.mood[], \"a,b\" app.pair)",
            "create table app.nothing ()",
            "create table app.generated (id serial primary key, a int, twice int generated always as (a * 2) stored)",
            "create table app.registry (id int primary key, c regclass, t regtype[], p app.place)",
            "create table app.part (id int, at int, note text, primary key (id, at)) partition by range (at)",
            "create table app.part_1 partition of app.part for values from (0) to (50)",
            "create table app.\"part 2\" partition of app.part for values from (50) to (100)",
            "create table app.nokey (a int, b text)",
            "create table app.big (id bigint primary key, filler text, big bytea)",
            "create table app.scratch (id int primary key)",
            "create table app.acl (id int primary key, who aclitem)",
            "create unlogged table app.cache (id int primary key, v text)",
            "alter table app.nothing replica identity full",
            "alter table app.nokey replica identity full",
            "create sequence app.\"Lone Seq\" increment 5",
            "create sequence app.untouched start 77");

    private static final List<String> ROWS = List.of(
            "insert into " + HOSTILE + " (\"va'l\\\", \"?\", \"a,b\") select case when i % 7 = 0 then null else"
                    + " e'tab\\t back\\\\slash ' || i end, array['sad', null, 'so, \"so\"']::app.mood[],"
                    + " row(i, 'happy')::app.pair from generate_series(1, 500) i",
            "insert into app.nothing default values",
            "insert into app.nothing default values",
            "insert into app.generated (a) select i from generate_series(1, 100) i",
            "insert into app.registry values (1, 'app.big', array['int4', 'app.mood']::regtype[], 'app.part')",
            "insert into app.part select i, i % 100, 'n' || i from generate_series(1, 300) i",
            "insert into app.nokey select i, 'b' || i from generate_series(1, 50) i",
            "insert into app.nokey select i, 'b' || i from generate_series(1, 50) i",
            "insert into app.big select i, repeat(md5(i::text), 10), decode(md5(i::text), 'hex')"
                    + " from generate_series(1, 20000) i",
            "insert into app.big select -i, '', (select string_agg(decode(md5((i * j)::text), 'hex'), ''::bytea)"
                    + " from generate_series(1, 30000) j) from generate_series(1, 3) i",
            "insert into app.acl values (1, (select (aclexplode(acldefault('r', 10))).grantor::regrole || '=r/'"
                    + " || current_user limit 1)::aclitem)",
            "insert into app.cache select i, 'v' || i from generate_series(1, 200) i",
            "select nextval('app.\"Lone Seq\"') from generate_series(1, 3)",
            "select setval('app.untouched', 123, false)",
            // a server before 14 has its ranges from the statistics
            "analyze app.big");

    private NastySchema() {}

    /// Tables on both sides, rows on the source.
    static void create(TestContext with) throws SQLException {
        for (Side side : Side.values()) {
            run(with, side, DDL);
        }
        run(with, Side.SOURCE, ROWS);
    }

    static void run(TestContext with, Side side, List<String> statements) throws SQLException {
        try (DbSession session = with.server(side).open("test");
                var sql = session.jdbc().createStatement()) {
            sql.setEscapeProcessing(false);
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    /// The content of every table as rows and a digest; unlogged ones too.
    static Map<String, String> contents(TestContext with, Side side) throws SQLException {
        Map<String, String> contents = new TreeMap<>();
        try (DbSession session = with.server(side).open("test")) {
            for (String table : tables(session.jdbc())) {
                contents.put(
                        table,
                        text(
                                session.jdbc(),
                                "select count(*) || ' rows, ' || coalesce(md5(string_agg(md5(t::text), ''"
                                        + " order by md5(t::text))), '') from only " + table + " t"));
            }
        }
        return contents;
    }

    static String text(Connection db, String query) throws SQLException {
        try (var sql = db.createStatement()) {
            sql.setEscapeProcessing(false);
            try (var row = sql.executeQuery(query)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    static String text(TestContext with, Side side, String query) throws SQLException {
        try (DbSession session = with.server(side).open("test")) {
            return text(session.jdbc(), query);
        }
    }

    private static List<String> tables(Connection db) throws SQLException {
        return io.handover.pg.Catalog.tables(db).stream()
                .map(info -> SqlNames.quoted(info.table()))
                .toList();
    }
}
