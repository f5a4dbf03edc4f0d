package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowKeysTest {

    private static final String TABLES = """
            create table public.plain (id int primary key, v text);
            create table public.two (a text, b bytea, v text, primary key (b, a));
            create table public.by_index (id int primary key, code text not null, v text);
            create unique index by_code on public.by_index (code);
            alter table public.by_index replica identity using index by_code;
            create table public.keyless (a int, b text, g int generated always as (a * 2) stored);
            alter table public.keyless replica identity full;
            create table public.big_key (k text primary key, v int, pad text);
            alter table public.big_key alter k set storage external;
            create table public.cut (id int primary key);
            create table public.untouched (id int primary key);
            create table public.root (id int, day int, primary key (id, day)) partition by range (day);
            create table public.leaf partition of public.root for values from (0) to (10);
            """;

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void everyChangedKeyIsFoundInTheStreamWrittenAsTheDigestWritesIt(String major) throws Exception {
        var server = PgServer.major(major);
        String database = server.newDatabase();
        try (var owner = new Server(Side.SOURCE, server.endpoint(database), new SqlLog(Clock.systemUTC()));
                var reader = SnapshotSession.prepare(
                        owner.open("test"), new TableDigest.Dialect(Integer.parseInt(major), true));
                var db = server.open(database);
                var sql = db.createStatement()) {
            sql.execute(TABLES);
            String longKey = "k".repeat(2_200);
            sql.execute("insert into plain values (1, 'a'), (2, 'b'), (3, 'c');"
                    + "insert into two values (E'x\\x1f', '\\x5c', 'v'), ('y', '\\x00', 'v');"
                    + "insert into by_index values (1, E'c\\\\1', 'v'), (2, 'c2', 'v'), (3, 'c3', 'v');"
                    + "insert into keyless values (1, 'x'), (2, null), (3, repeat(md5(random()::text), 3000));"
                    + "insert into big_key values ('" + longKey + "', 1, repeat('p', 5000)), ('other', 1, null);"
                    + "insert into cut values (1); insert into root values (1, 1), (2, 2)");
            sql.execute("create publication p for table plain, two, by_index, keyless, big_key, cut, untouched, leaf"
                    // otherwise 18 refuses to delete from a table that is identified by such a column
                    + (server.majorNumber() >= 18 ? " with (publish_generated_columns = stored)" : ""));
            sql.execute("create publication via for table root with (publish_via_partition_root = true)");
            sql.execute("select pg_create_logical_replication_slot('" + database + "', 'pgoutput')");

            sql.execute("update plain set v = 'z' where id = 1; delete from plain where id = 2;"
                    + "insert into plain values (4, null); update plain set id = 30 where id = 3;"
                    + "update two set v = 'w' where a <> 'y'; delete from by_index where id = 1;"
                    + "update by_index set v = 'w', id = 20 where id = 2;"
                    + "delete from keyless where a = 1; update keyless set a = 4 where a = 3;"
                    + "insert into keyless values (2, null); update big_key set v = 2 where k <> 'other';"
                    + "truncate cut; update root set day = 3 where id = 1");

            var shapes = TableShapes.read(reader.jdbc());
            var pairs = new ArrayList<TablePair>();
            for (TableShape shape : shapes.values()) {
                if (shape.kind() == TableShape.Kind.TABLE) {
                    pairs.add(TablePair.of(shape, shape));
                }
            }
            var window = read(reader.jdbc(), database, pairs, "p");

            assertKeys(window, "plain", List.of("1", "2", "3", "30", "4"), List.of("5", "10"));
            assertEquals(5, window.size(ref("plain")));
            assertEquals(
                    Set.of("1", "2", "3", "30", "4"), window.keys(ref("plain")).orElseThrow());
            assertEquals(Set.of(), window.keys(ref("untouched")).orElseThrow());
            assertEquals(Optional.empty(), window.keys(ref("cut")));
            assertKeys(window, "two", List.of(key("\\x5c", "x\u001f")), List.of(key("\\x00", "y")));
            assertKeys(window, "by_index", List.of(key("c\\1"), "c2"), List.of("c3", "1", "2"));
            assertKeys(window, "big_key", List.of(longKey), List.of("other"));
            assertKeys(window, "keyless", List.of(key("1", "x"), key("2", null)), List.of(key("1", null)));
            assertTrue(window.whole(ref("cut")));
            assertFalse(window.whole(ref("untouched")) || window.contains(ref("untouched"), "1"));
            for (String table : List.of("plain", "two", "by_index", "keyless", "big_key", "leaf")) {
                assertFalse(window.whole(ref(table)), table);
                // what is in the tables now and was written in the window has the digest's very text
                assertEquals(
                        inserted(table),
                        keys(reader.jdbc(), pairs, table).stream()
                                .filter(k -> window.contains(ref(table), k))
                                .count(),
                        table);
            }
            assertKeys(window, "leaf", List.of(key("1", "1"), key("1", "3")), List.of(key("2", "2")));
            assertKeys(
                    read(reader.jdbc(), database, pairs, "via"),
                    "leaf",
                    List.of(key("1", "1"), key("1", "3")),
                    List.of(key("2", "2")));
            sql.execute("select pg_drop_replication_slot('" + database + "')");
        }
    }

    /// Rows that are there and have been changed in the window.
    private static long inserted(String table) {
        return switch (table) {
            case "plain" -> 3; // 1, 4, 30
            case "two", "by_index", "big_key", "leaf" -> 1;
            case "keyless" -> 3; // (2, null) twice, and the one whose long text was not sent again
            default -> throw new IllegalArgumentException(table);
        };
    }

    @Test
    void tooManyKeysAreRefusedAndNotForgotten() throws Exception {
        var pair = new TablePair(ref("plain"), ref("plain"), 0, List.of(), List.of(), true, false, List.of());
        var window = new WindowKeys(List.of(pair), 10);

        assertThrows(WindowKeys.TooMany.class, () -> window.sawMessages(10));
    }

    @Test
    void aMessageThatIsNotUnderstoodIsNotPassedOver() {
        for (byte[] garbled : List.of(new byte[0], new byte[] {'Q'}, new byte[] {'I', 0, 0, 0, 1, 'X'}, new byte[] {
            'I', 0, 0, 0, 1, 'N', 0, 1, 't', 0, 0, 0, 9, 'a'
        })) {
            var refused = assertThrows(SQLException.class, () -> PgOutputReader.read(garbled));
            assertEquals("XX001", refused.getSQLState());
        }
    }

    private static WindowKeys read(Connection owner, String slot, List<TablePair> pairs, String publication)
            throws Exception {
        var window = new WindowKeys(pairs, 100_000);
        try (var query = owner.prepareStatement(
                "select data from pg_logical_slot_peek_binary_changes(?, null, null, 'proto_version', '1',"
                        + " 'publication_names', ?)")) {
            query.setString(1, slot);
            query.setString(2, publication);
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    window.add(PgOutputReader.read(row.getBytes(1)));
                }
            }
        }
        return window;
    }

    private static List<String> keys(Connection owner, List<TablePair> pairs, String table) throws SQLException {
        var pair = pairs.stream()
                .filter(p -> p.table().name().equals(table))
                .findFirst()
                .orElseThrow();
        var keys = new ArrayList<String>();
        try (var query = owner.createStatement();
                var row = query.executeQuery(
                        "select " + new TableDigest(pair, new TableDigest.Dialect(13, true)).keyText() + " from only "
                                + SqlNames.quoted(pair.table()) + " t")) {
            while (row.next()) {
                keys.add(row.getString(1));
            }
        }
        return keys;
    }

    private static void assertKeys(WindowKeys window, String table, List<String> in, List<String> out) {
        in.forEach(key -> assertTrue(window.contains(ref(table), key), () -> table + " should have " + key));
        out.forEach(key -> assertFalse(window.contains(ref(table), key), () -> table + " should not have " + key));
    }

    private static String key(String... values) {
        return KeyText.of(Arrays.asList(values));
    }

    private static TableRef ref(String name) {
        return new TableRef("public", name);
    }
}
