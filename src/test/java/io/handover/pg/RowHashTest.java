package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What PostgreSQL takes for equal, or hashes alike, must be told apart by a row's hash, and on every
/// version alike.
class RowHashTest {

    private static final String TYPES = """
            create extension citext;
            create collation blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
            create domain whole as int;
            create domain few as whole check (value > -100);
            create domain label as varchar(20);
            create domain fixed as char(5);
            create domain instant as timestamptz;
            """;

    /// No two of one type are the same text. Those of 64 bits fold to the same 32.
    private static final Map<String, List<String>> VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry("bool", List.of("true", "false")),
            Map.entry("int2", List.of("0", "1", "-1", "32767", "-32768", "2")),
            Map.entry("int4", List.of("0", "1", "-1", "2", "65536", "2147483647", "-2147483648", "2147483646")),
            Map.entry("oid", List.of("0", "1", "2", "4294967295", "2147483648")),
            Map.entry(
                    "int8",
                    List.of(
                            "0",
                            "1",
                            "2",
                            "-1",
                            "-2",
                            "4294967296",
                            "4294967297",
                            "8589934594",
                            "-4294967296",
                            "-4294967297",
                            "9223372036854775807",
                            "-9223372036854775808")),
            Map.entry(
                    "float8",
                    List.of(
                            "0",
                            "'-0'",
                            "'NaN'",
                            "'Infinity'",
                            "'-Infinity'",
                            "1",
                            "-1",
                            "1.0000000000000002",
                            "5e-324")),
            Map.entry("float4", List.of("0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1", "-1", "1.0000001")),
            Map.entry("numeric", List.of("0", "0.0", "1", "-1", "1.0", "1.00", "10000", "'NaN'", "1e100", "-0.001")),
            Map.entry(
                    "date",
                    List.of(
                            "'infinity'",
                            "'-infinity'",
                            "'2000-01-01'",
                            "'1999-12-31'",
                            "'2000-01-02'",
                            "'4713-01-01 BC'",
                            "'5874897-12-31'",
                            "'0001-01-01 BC'")),
            Map.entry(
                    "timestamp",
                    List.of(
                            "'infinity'",
                            "'-infinity'",
                            "'2000-01-01'",
                            "'2000-01-01 00:00:00.000001'",
                            "'2000-01-01 01:11:34.967296'",
                            "'2000-01-01 01:11:34.967297'",
                            "'1999-12-31 23:59:59.999999'",
                            "'4713-01-01 BC'",
                            "'294276-12-31 23:59:59.999999'")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "'infinity'",
                            "'-infinity'",
                            "'2000-01-01+00'",
                            "'2000-01-01 00:00:00.000001+00'",
                            "'2000-01-01 01:11:34.967296+00'",
                            "'2000-01-01 01:00+00'")),
            Map.entry(
                    "uuid",
                    List.of(
                            "'00000000-0000-0000-0000-000000000000'",
                            "'00000000-0000-0000-0000-000000000001'",
                            "'01000000-0000-0000-0000-000000000000'",
                            "'ffffffff-ffff-ffff-ffff-ffffffffffff'")),
            Map.entry(
                    "text",
                    List.of(
                            "''",
                            "' '",
                            "'a'",
                            "'A'",
                            "'á'",
                            "'a '",
                            "'a  '",
                            "'0'",
                            "'1'",
                            "E'\\x1f'",
                            "E'a\\x1f1'",
                            "'\\N'")),
            Map.entry("varchar(9)", List.of("''", "' '", "'a'", "'A'", "'a '")),
            Map.entry("text collate blind", List.of("'a'", "'A'", "'á'", "'a '", "''")),
            Map.entry("varchar collate blind", List.of("'a'", "'A'", "'á'", "''")),
            Map.entry("char(3) collate blind", List.of("'a'", "'A'", "'á'", "''")),
            Map.entry("citext", List.of("'a'", "'A'", "'a '", "''")),
            Map.entry("bpchar", List.of("''", "' '", "'  '", "'a'", "'A'", "'a '", "'a  '", "' a'")),
            Map.entry("char(4)", List.of("''", "'a'", "'A'", "' a'", "'á'", "'aa'")),
            Map.entry("interval", List.of("'1 day'", "'24 hours'", "'30 days'", "'1 month'", "'0'", "'1 microsecond'")),
            Map.entry("time", List.of("'00:00'", "'24:00'", "'01:11:34.967296'", "'00:00:00.000001'")),
            Map.entry("timetz", List.of("'00:00+00'", "'01:00+01'", "'00:00+01'", "'24:00+00'")),
            Map.entry("bytea", List.of("''", "'\\x00'", "'\\x0000'", "'\\x5c'", "'\\x1f'", "'a'")),
            Map.entry("jsonb", List.of("'1'", "'1.0'", "'\"1\"'", "'null'", "'[]'", "'{}'")),
            Map.entry("int[]", List.of("'{}'", "'{NULL}'", "'{0}'", "'[0:0]={0}'", "'{{0}}'")),
            Map.entry("inet", List.of("'10.0.0.1'", "'10.0.0.1/8'", "'::1'")),
            Map.entry("money", List.of("0", "0.01", "-0.01")),
            Map.entry("few", List.of("0", "1", "-1", "2147483647")),
            Map.entry("label", List.of("''", "'a'", "'A'", "'a '")),
            Map.entry("fixed", List.of("''", "'a'", "'A'", "'á'")),
            Map.entry("instant", List.of("'infinity'", "'2000-01-01+00'", "'2000-01-01 00:00:00.000001+00'"))));

    private static final Map<String, On> SERVERS = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "16", "17", "18"})
    void everyVersionHashesAlike(String major) throws Exception {
        for (String table : tables()) {
            assertEquals(hashes("15", table), hashes(major, table), table);
        }
    }

    @Test
    void noTwoRowsOfPairsHaveOneHash() throws Exception {
        for (String table : tables()) {
            Map<String, Long> hashes = hashes("18", table);
            assertEquals(hashes.size(), new HashSet<>(hashes.values()).size(), table);
        }
    }

    @Test
    void noTwoValuesThatFoldAlikeHaveOneHash() throws Exception {
        On server = on("18");
        server.run("""
                create table folding as
                select id, (h::int8 << 32) | (h # l)::int8 as v, timestamp '2000-01-01' + (h & 1023) * interval '4294967296 us'
                       + ((h & 1023) # l) * interval '1 us' as at
                  from (select row_number() over () as id, h, l
                          from generate_series(0, 999) h, generate_series(0, 99) l) x""");
        assertEquals("100", server.text("select count(distinct hashint8extended(v, 0)) from folding"));
        assertEquals("100", server.text("select count(distinct timestamp_hash_extended(at, 0)) from folding"));

        for (String column : List.of("v", "at")) {
            String hash = new RowHash(server.columns("folding", column), dialect()).sql(0);
            assertEquals(
                    server.text("select count(distinct " + column + ") from folding"),
                    server.text("select count(distinct " + hash + ") from folding t"),
                    column);
        }
    }

    @Test
    void aColumnThatIsFalselyNotNullDropsNoRow() throws Exception {
        On server = on("15");
        server.run(
                "create table lied (a int not null, b int8 not null, c text not null, d char(3) not null, e uuid not null,"
                        + " f float8 not null, g date not null, h timestamp not null, i bool not null, j int2 not null,"
                        + " k oid not null)");
        server.run("update pg_attribute set attnotnull = false where attrelid = 'lied'::regclass");
        List<String> columns = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
        server.run("insert into lied default values");
        for (String column : columns) {
            server.run("insert into lied (" + column
                    + ") values ('1')"
                            .replace(
                                    "'1'",
                                    Map.of("e", "gen_random_uuid()", "g", "now()", "h", "now()")
                                            .getOrDefault(column, "'1'")));
        }
        server.run("update pg_attribute set attnotnull = true where attrelid = 'lied'::regclass and attnum > 0");
        List<ColumnShape> shapes = server.columns("lied", columns.toArray(String[]::new));
        assertTrue(shapes.stream().noneMatch(ColumnShape::nullable));

        String hash = new RowHash(shapes, dialect()).sql(0);

        assertEquals(
                "12 12",
                server.text("select concat(count(h), ' ', count(distinct h)) from (select " + hash
                        + " as h from lied t) x"));
    }

    @Test
    void aTableOfManyColumnsIsHashedInSeveralChains() throws Exception {
        On server = on("15");
        int many = 1_000;
        server.run("create table many (" + columns(many, i -> "c" + i + " " + (i % 7 == 0 ? "numeric" : "int"))
                + "); insert into many default values; insert into many values (" + columns(many, String::valueOf)
                + ")");
        server.run(
                "insert into many select * from many where c1 = 1; update many set c500 = -1 where ctid = (select max(ctid) from many)");
        List<ColumnShape> shapes = server.columns(
                "many", IntStream.rangeClosed(1, many).mapToObj(i -> "c" + i).toArray(String[]::new));

        String hash = new RowHash(shapes, dialect()).sql(0);

        assertEquals(
                "3 3",
                server.text("select concat(count(h), ' ', count(distinct h)) from (select " + hash
                        + " as h from many t) x"));
    }

    @Test
    void aNumberIsNoNumberOfAnotherType() {
        assertNotEquals(TypedHash.of("int4"), TypedHash.of("int2"));
        assertNotEquals(TypedHash.of("float4"), TypedHash.of("float8"));
        assertNotEquals(TypedHash.of("timestamp"), TypedHash.of("timestamptz"));
    }

    @BeforeAll
    static void open() throws SQLException {
        for (String major : List.of("13", "15", "16", "17", "18")) {
            SERVERS.put(major, new On(major));
            SERVERS.get(major).run(TYPES);
            int number = 0;
            for (var values : VALUES.entrySet()) {
                String type = values.getKey();
                String table = "t" + number++;
                SERVERS.get(major)
                        .run("create table " + table + " (a " + type + ", b " + type + "); insert into "
                                + table + " select a.v, b.v from " + set(type, values.getValue(), "a") + ", "
                                + set(type, values.getValue(), "b"));
            }
        }
    }

    @AfterAll
    static void close() throws SQLException {
        for (On server : SERVERS.values()) {
            server.close();
        }
        SERVERS.clear();
    }

    /// These values and NULL.
    private static String set(String type, List<String> values, String alias) {
        String plain = type.replace(" collate blind", "");
        return "(values (null::" + plain + "), "
                + values.stream().map(v -> "(cast(" + v + " as " + plain + "))").collect(Collectors.joining(", "))
                + ") " + alias + "(v)";
    }

    private static List<String> tables() {
        return IntStream.range(0, VALUES.size()).mapToObj(i -> "t" + i).toList();
    }

    private static String columns(int many, IntFunction<String> each) {
        return IntStream.rangeClosed(1, many).mapToObj(each).collect(Collectors.joining(", "));
    }

    private static TableDigest.Dialect dialect() {
        return new TableDigest.Dialect(13, true);
    }

    private static On on(String major) {
        return SERVERS.getOrDefault(major, SERVERS.get("15"));
    }

    /// By the row as text; that no two rows are one text is seen to as well.
    private static Map<String, Long> hashes(String major, String table) throws SQLException {
        On server = on(major);
        String hash = new RowHash(server.columns(table, "a", "b"), dialect()).sql(0);
        var found = new HashMap<String, Long>();
        try (var query = server.session.jdbc().createStatement();
                var row = query.executeQuery("select case when a is null then 'null' else concat('=', a) end,"
                        + " case when b is null then 'null' else concat('=', b) end, " + hash + " from public." + table
                        + " t")) {
            int rows = 0;
            while (row.next()) {
                rows++;
                found.put(row.getString(1) + "\n" + row.getString(2), (Long) row.getObject(3));
            }
            assertEquals(rows, found.size(), table);
            assertTrue(rows > 3 && !found.containsValue(null), table);
        }
        return found;
    }

    /// A database of its own and a session prepared as for a comparison.
    private static final class On implements AutoCloseable {
        private final Server server;
        private final SnapshotSession session;

        On(String major) throws SQLException {
            PgServer pg = PgServer.major(major);
            server = new Server(Side.SOURCE, pg.endpoint(pg.newDatabase()), new SqlLog(Clock.systemUTC()));
            session = SnapshotSession.prepare(server.open("test"), dialect());
        }

        void run(String sql) throws SQLException {
            try (var other = server.open("prepare");
                    var statement = other.jdbc().createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute("set search_path = public");
                statement.execute("set allow_system_table_mods = on");
                statement.execute(sql);
            }
        }

        String text(String sql) throws SQLException {
            try (var query = session.jdbc().createStatement();
                    var row = query.executeQuery(sql.replaceAll("from (lied|many|folding)", "from public.$1"))) {
                row.next();
                return row.getString(1);
            }
        }

        List<ColumnShape> columns(String table, String... names) throws SQLException {
            var shape = TableShapes.read(session.jdbc()).get(new TableRef("public", table));
            var wanted = Set.of(names);
            return shape.columns().stream()
                    .filter(c -> wanted.contains(c.name()))
                    .toList();
        }

        @Override
        public void close() throws SQLException {
            session.close();
            server.close();
        }
    }
}
