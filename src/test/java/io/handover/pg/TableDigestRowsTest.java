package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.RowDifference;
import io.handover.model.RowDifference.ColumnDifference;
import io.handover.model.RowDifference.Kind;
import io.handover.model.TableRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Rows that only one side has, found by their key, or by themselves where there is none.
class TableDigestRowsTest extends TwoTablesFixture {

    @Test
    void missingAndExtraRowsAreFoundByAnyKindOfKey() throws Exception {
        try (var both = new Both("13", "18")) {
            String table = "create table t (a text, b bytea, n numeric, primary key (b, a, n));";
            both.here(table + "insert into t values (E'k\\x1f', '\\x5c1f', 1.0), ('', '', 0), ('both', '\\x01', 2)");
            both.there(table + "insert into t values ('both', '\\x01', 2), (E'\\\\N', '', 0), ('', '', 0.00)");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(
                    List.of(
                                    "MISSING \\x, , 0",
                                    "MISSING \\x5c1f, k\u001f, 1.0",
                                    "EXTRA \\x, , 0.00",
                                    "EXTRA \\x, \\N, 0")
                            .stream()
                            .sorted()
                            .toList(),
                    found.details().values().stream()
                            .map(d -> d.kind() + " " + d.key())
                            .sorted()
                            .toList());
        }
    }

    @Test
    void equalRowsWithoutAKeyAreCounted() throws Exception {
        try (var both = new Both("15", "17")) {
            both.here("create table t (a int, b text); insert into t values (1, 'x'), (1, 'x'), (2, null)");
            both.there(
                    "create table t (a int, b text); insert into t values (1, 'x'), (2, null), (2, null), (2, null)");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(3, found.outsideRows());
            assertEquals(
                    List.of(
                            new RowDifference("1, x", Kind.MISSING, List.of()),
                            new RowDifference("2, ␀", Kind.EXTRA, List.of())),
                    found.details().entrySet().stream()
                            .map(TableDigestRowsTest::withoutId)
                            .sorted((a, b) -> a.key().compareTo(b.key()))
                            .toList());
        }
    }

    /// As people see it; the `id` is what the engine found it by.
    private static RowDifference withoutId(Map.Entry<String, RowDifference> found) {
        assertEquals(found.getKey(), found.getValue().id());
        return new RowDifference(
                found.getValue().key(),
                found.getValue().kind(),
                found.getValue().columns());
    }

    @Test
    void aTableOfManyRowsAndColumnsIsDrilledDownToTheOneRow() throws Exception {
        try (var both = fresh()) {
            String columns = IntStream.rangeClosed(1, 300)
                    .mapToObj(i -> "c" + i + " text")
                    .collect(Collectors.joining(","));
            String table = "create table wide (id int primary key, " + columns + ");"
                    + "insert into wide (id, c1, c200) select i, 'v' || i, repeat('x', 100) from generate_series(1, 20000) i;";
            both.here(table);
            both.there(table + "update wide set c299 = '' where id = 12345; delete from wide where id = 20000;");

            var found = both.compare(new TableRef("public", "wide"));

            assertEquals(2, found.outsideRows());
            assertEquals(20_000, found.owner().rows());
            assertEquals(19_999, found.follower().rows());
            assertEquals(
                    List.of(
                            new RowDifference("12345", Kind.CHANGED, List.of(new ColumnDifference("c299", "␀", ""))),
                            new RowDifference("20000", Kind.MISSING, List.of())),
                    found.details().entrySet().stream()
                            .map(TableDigestRowsTest::withoutId)
                            .sorted((a, b) -> a.key().compareTo(b.key()))
                            .toList());
        }
    }
}
