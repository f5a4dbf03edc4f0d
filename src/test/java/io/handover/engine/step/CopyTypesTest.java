package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.pg.DbSession;
import io.handover.pg.SqlNames;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A table for each type, with its extremes: what arrives is what was sent.
class CopyTypesTest {

    private static final List<String> TYPES = List.of(
            "create schema app",
            "create type app.mood as enum ('sad', 'so, \"so\"', E'back\\\\slash', '🐘')",
            "create type app.pair as (a int, m app.mood, t text)",
            "create type app.deep as (p app.pair[], r int4range)",
            "create type app.span as range (subtype = float8)",
            "create domain app.code as text check (value <> 'never')",
            "create domain app.moods as app.mood[]",
            "create domain app.place as regclass",
            "create type app.where_it_is as (n int, c app.place)");

    /// What of a type, and values of it; a word before `|` says that it travels as text.
    private static final Map<String, List<String>> VALUES = new TreeMap<>(Map.ofEntries(
            values("bool", "true", "false"),
            values("int2", "-32768", "32767"),
            values("int4", "-2147483648", "2147483647"),
            values("int8", "-9223372036854775808", "9223372036854775807"),
            values("float4", "NaN", "Infinity", "-Infinity", "-0", "1e-45", "3.4028235e+38", "0.1"),
            values("float8", "NaN", "Infinity", "-0", "5e-324", "1.7976931348623157e308", "0.1"),
            values("numeric", "NaN", "0.00", "-1.50", "1e-1000", "123456789012345678901234567890.1234567890"),
            values("numeric(20,5)", "-123456789012345.12345"),
            values("money", "-92233720368547758.08", "1.01"),
            values("oid", "0", "4294967295"),
            values("\"char\"", "a", ""),
            values("bpchar(5)", "ab", "ab   ", "🐘"),
            values("varchar(9)", "", "  x ", "line\nline"),
            values("text", "", "\\N", "tab\there", "\\", "\r\n", "🐘 ☃ \"'", "{\"a\",null}"),
            values("name", "We ird"),
            values("bytea", "", "\\x00ff0a5c", "\\x"),
            values("date", "infinity", "-infinity", "4713-01-01 BC", "5874897-12-31"),
            values("time", "00:00", "24:00:00", "23:59:59.999999"),
            values("timetz", "23:59:59.999999+15:59", "00:00-15:59"),
            values("timestamp", "infinity", "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999"),
            values("timestamptz", "-infinity", "2026-03-29 02:30:00+01", "1900-01-01 00:00:00.000001+00"),
            values("interval", "-178000000 years", "1 mon -1 day 00:00:00.000001", "0"),
            values("interval day to second(2)", "3 days 04:05:06.78"),
            values("uuid", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            values("json", "{ \"b\":1, \"a\" : 1e400, \"a\":\"\\u00e9\" }", "null", " [ ] "),
            values("jsonb", "{\"b\": 1, \"a\": [1.50, null, \"🐘\"]}", "null", "\"\""),
            values("jsonpath", "$.a[*] ? (@.b > 3 && @.c like_regex \"^x\")"),
            values(
                    "xml",
                    "<a b=\"1\">x &amp; y</a>",
                    "text <b/> only",
                    "<?xml version=\"1.0\" standalone=\"yes\"?><a/>"),
            values("bit(3)", "101"),
            values("bit varying", "", "1", "010101010101010101"),
            values("inet", "::1/64", "10.1.2.3/8", "10.1.2.3"),
            values("cidr", "10.0.0.0/8", "2001:db8::/32"),
            values("macaddr", "08:00:2b:01:02:03"),
            values("macaddr8", "08:00:2b:01:02:03:04:05"),
            values("point", "(-0,1e300)", "(NaN,Infinity)"),
            values("line", "{1,-1,0}"),
            values("lseg", "[(0,0),(1,1)]"),
            values("box", "(2,2),(1,1)"),
            values("path", "[(0,0),(1,1)]", "((0,0),(1,1))"),
            values("polygon", "((0,0),(1,1),(1,0))"),
            values("circle", "<(0,0),1e-300>"),
            values("tsvector", "'a':1A,2B 'b c':3 '\\\\':4"),
            values("tsquery", "'a':*A & !( 'b' <2> 'c' )"),
            values("int4range", "empty", "(,)", "[1,5)"),
            values("numrange", "(1.50,]", "[0.1,0.10]"),
            values("tstzrange", "[\"2020-01-01 00:00:00+00\",infinity)"),
            values("int4[]", "{}", "{1,NULL,3}", "[-1:0][2:3]={{1,2},{3,4}}"),
            values("text[]", "{}", "{\"a,b\",NULL,\"NULL\",\"\\\"\",\"\\\\\",\"\"}"),
            values("bytea[]", "{\"\\\\x00\",NULL}"),
            values("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF"),
            values("txid_snapshot", "10:20:10,14,15"),
            values("tid", "(0,1)", "(4294967295,65535)"),
            values("xid", "0", "4294967295"),
            values("cid", "7"),
            values("int2vector", "1 2 3"),
            values("oidvector", "1 4294967295"),
            values("refcursor", "c"),
            values("app.mood", "so, \"so\"", "🐘"),
            values("app.mood[]", "{sad,NULL,\"so, \\\"so\\\"\"}"),
            values("app.pair", "(1,🐘,\"a,\\\"b\")", "(,,)"),
            values("app.pair[]", "{\"(1,sad,x)\",NULL}"),
            values("app.deep", "(\"{\"\"(1,sad,x)\"\"}\",\"[1,3)\")"),
            values("app.span", "[0.1,Infinity)", "empty"),
            values("app.span[]", "{\"[0.1,1)\"}"),
            values("app.code", "", "x"),
            values("app.code[]", "{x,NULL}"),
            values("app.moods", "{sad}"),
            values("text|regclass", "app.marker", "0"),
            values("text|regtype", "app.mood", "app.pair[]"),
            values("text|regproc", "pg_catalog.now"),
            values("text|regprocedure", "pg_catalog.abs(int4)"),
            values("text|regoper", "pg_catalog.||/"),
            values("text|regoperator", "+(int4,int4)"),
            values("text|regrole", "pg_monitor"),
            values("text|regnamespace", "app"),
            values("text|regconfig", "simple"),
            values("text|regdictionary", "simple"),
            values("text|regclass[]", "{app.marker,NULL}"),
            values("text|app.place", "app.marker"),
            values("text|app.where_it_is", "(1,app.marker)"),
            values("text|app.where_it_is[]", "{\"(1,app.marker)\"}"),
            values("text|aclitem", "pg_monitor=r/pg_monitor"),
            values("text|aclitem[]", "{pg_monitor=r/pg_monitor}")));

    private static final Map<String, List<String>> SINCE_14 = new TreeMap<>(Map.ofEntries(
            values("int4multirange", "{}", "{[1,3),[5,7)}"),
            values("pg_catalog.numeric", "Infinity", "-Infinity", "NaN"),
            values("xid8", "18446744073709551615"),
            values("pg_snapshot", "10:20:10,14,15")));

    /// Types of the user's own inside others, which an old target knows by their numbers.
    private static final List<String> TEXT_BEFORE_14 =
            List.of("app.mood[]", "app.pair", "app.pair[]", "app.deep", "app.span[]", "app.code[]", "app.moods");

    @ParameterizedTest
    @CsvSource({"13, 13", "13, 17", "15, 18"})
    void everyTypeArrivesAsItWas(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            var types = new TreeMap<>(VALUES);
            if (Integer.parseInt(from) >= 14) {
                types.putAll(SINCE_14);
            }
            // other OIDs on the two sides, or wrong ones would go unseen
            NastySchema.run(
                    with,
                    Side.TARGET,
                    List.of("create table public.shift ()", "create type public.shifted as (a int)"));
            for (Side side : Side.values()) {
                var ddl = new ArrayList<>(TYPES);
                ddl.add("create table app.marker (id int primary key)");
                types.keySet().stream()
                        .map(type -> "create table " + table(type) + " (id int primary key, v " + bare(type)
                                + ", filler text default 'x')")
                        .forEach(ddl::add);
                NastySchema.run(with, side, ddl);
            }
            var inserts = new ArrayList<String>();
            types.forEach((type, values) -> inserts.addAll(inserts(type, values)));
            NastySchema.run(with, Side.SOURCE, inserts);

            assertEquals(new StepOutcome.Done(), new BaselineStep().run(with));

            assertEquals(rows(with, Side.SOURCE, types.keySet()), rows(with, Side.TARGET, types.keySet()));
            var expected = new TreeSet<String>();
            types.keySet().stream()
                    .filter(type -> type.startsWith("text|") || (to.equals("13") && TEXT_BEFORE_14.contains(type)))
                    .forEach(expected::add);
            assertEquals(expected, travelledAsText(with, types), "as text, and no other");
        }
    }

    private static Map.Entry<String, List<String>> values(String type, String... values) {
        return Map.entry(type, List.of(values));
    }

    private static String bare(String type) {
        return type.startsWith("text|") ? type.substring(5) : type;
    }

    private static String table(String type) {
        return "app." + SqlNames.quoted("of " + type);
    }

    private static List<String> inserts(String type, List<String> values) {
        String list = String.join(
                ", ",
                values.stream()
                        .map(value -> "(" + SqlNames.literal(value) + "::" + bare(type) + ")")
                        .toList());
        return List.of(
                "insert into " + table(type) + " select row_number() over (), v from (values " + list + ") as x (v)",
                "insert into " + table(type) + " values (1000, null)");
    }

    /// As the types' output functions write it, the measure of `pg_dump` and of the stream too: a bare
    /// `<?xml version="1.0"?>`, for one, none of them carries over.
    private static List<String> rows(TestContext with, Side side, Set<String> types) throws SQLException {
        var rows = new ArrayList<String>();
        try (DbSession session = with.server(side).openSimple("test");
                var query = session.jdbc().createStatement()) {
            for (String type : types) {
                try (var row = query.executeQuery("select t::text || coalesce(octet_length(format('%s', v)), -1) from "
                        + table(type) + " t order by id")) {
                    while (row.next()) {
                        rows.add(type + ": " + row.getString(1));
                    }
                }
            }
        }
        return rows;
    }

    private static Set<String> travelledAsText(TestContext with, Map<String, List<String>> types) {
        var found = new TreeSet<String>();
        for (SqlRecord record : with.sql()) {
            for (String type : types.keySet()) {
                if (record.sql().startsWith("copy \"app\"." + SqlNames.quoted("of " + type) + " ")
                        && record.sql().contains("(format text")) {
                    found.add(type);
                }
            }
        }
        return found;
    }
}
