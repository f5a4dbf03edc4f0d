package io.handover.ui.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.LastRows;
import io.handover.model.TableRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowPairsTest {

    private static final TableRef TABLE = new TableRef("shop", "orders");

    @Test
    void aRowThatIsMissingDoesNotShiftTheOthers() {
        var pairs = RowPairs.of(rows(
                List.of("id"),
                List.of(row("5", "e"), row("4", "d"), row("3", "c")),
                List.of(row("5", "e"), row("3", "c"), row("2", "b"))));

        assertEquals(4, pairs.size());
        assertTrue(pairs.get(0).equal());
        assertEquals(Optional.empty(), pairs.get(1).target(), "4 is on the source only");
        assertTrue(pairs.get(2).equal());
        assertEquals(Optional.empty(), pairs.get(3).source(), "2 is among the target's newest only");
    }

    @Test
    void extraRowsKeepTheirPlace() {
        var pairs = RowPairs.of(
                rows(List.of("id"), List.of(row("9", "x"), row("7", "y")), List.of(row("8", "!"), row("7", "y"))));

        assertEquals(
                List.of("9", "8", "7"),
                pairs.stream()
                        .map(pair ->
                                pair.source().or(pair::target).orElseThrow().getFirst())
                        .sorted(java.util.Comparator.reverseOrder())
                        .toList());
        assertEquals(3, pairs.size());
    }

    @Test
    void differingColumnsAreNamed() {
        var pairs = RowPairs.of(rows(List.of("id"), List.of(row("1", "a")), List.of(row("1", "b"))));

        assertEquals(Set.of(1), pairs.getFirst().differing());
    }

    @Test
    void rowsWithoutAnOrderArePairedByPlace() {
        var pairs = RowPairs.of(rows(List.of(), List.of(row("1", "a"), row("1", "a")), List.of(row("1", "a"))));

        assertEquals(2, pairs.size());
        assertTrue(pairs.getFirst().equal());
        assertEquals(Optional.empty(), pairs.getLast().target());
    }

    @Test
    void anOrderThatDoesNotTellRowsApartIsNoKey() {
        var pairs = RowPairs.of(
                rows(List.of("id"), List.of(row("1", "a"), row("1", "b")), List.of(row("1", "a"), row("1", "b"))));

        assertEquals(2, pairs.size());
        assertTrue(pairs.stream().allMatch(RowPairs.Pair::equal));
    }

    @Test
    void anotherCollationLosesNoRow() {
        var pairs = RowPairs.of(rows(
                List.of("id"),
                List.of(row("b", "1"), row("A", "2"), row("c", "3")),
                List.of(row("A", "2"), row("x", "9"), row("b", "1"), row("c", "3"))));

        assertEquals(4, pairs.size());
        assertEquals(3, pairs.stream().filter(RowPairs.Pair::equal).count());
    }

    private static LastRows rows(List<String> order, List<List<String>> source, List<List<String>> target) {
        return new LastRows(TABLE, order, List.of("id", "name"), source, target);
    }

    private static List<String> row(String... values) {
        return List.of(values);
    }
}
