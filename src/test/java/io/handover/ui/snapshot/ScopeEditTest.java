package io.handover.ui.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.ReplicaIdentity;
import io.handover.model.Scope;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeEditTest {

    private final TableInfo orders = table("shop", "orders");
    private final TableInfo lines = table("shop", "lines");
    private final TableInfo log = table("audit", "log");
    private final List<TableInfo> all = List.of(log, lines, orders);

    @Test
    void aSchemaTakenOutWholeIsOutByName() {
        var scope = ScopeEdit.set(Scope.everything(), schema("shop", ""), false, all);

        assertEquals(new Scope(Set.of("shop"), Set.of()), scope, "tables made in it later stay out, too");
    }

    @Test
    void aTableThatComesBackLeavesTheOthersOfItsSchemaOut() {
        var scope = ScopeEdit.set(
                new Scope(Set.of("shop"), Set.of()),
                schema("shop", "orders").children().getFirst(),
                true,
                all);

        assertTrue(scope.includes(orders.table()));
        assertFalse(scope.includes(lines.table()));
        assertTrue(scope.includes(log.table()));
    }

    @Test
    void aSchemaWhoseSearchHidesTablesLosesOnlyThoseThatShow() {
        var scope = ScopeEdit.set(Scope.everything(), schema("shop", "orders"), false, all);

        assertEquals(new Scope(Set.of(), Set.of(orders.table())), scope);
    }

    @Test
    void outAndInAgainIsEverything() {
        var node = schema("shop", "");

        var scope = ScopeEdit.set(ScopeEdit.set(Scope.everything(), node, false, all), node, true, all);

        assertTrue(scope.isEverything());
    }

    @Test
    void partitionsStandBelowTheirRoot() {
        var root = new TableRef("shop", "events");
        var one = new TableInfo(new TableRef("shop", "events_1"), root, 1, 1, ReplicaIdentity.PRIMARY_KEY, false);
        var two = new TableInfo(new TableRef("shop", "events_2"), root, 1, 1, ReplicaIdentity.PRIMARY_KEY, false);
        var tables = List.of(one, two, orders);

        var schema = ScopeNode.of(tables, "").getFirst();
        var scope = ScopeEdit.set(Scope.everything(), schema.children().getFirst(), false, tables);

        assertEquals(
                List.of("events", "orders"),
                schema.children().stream().map(ScopeNode::name).toList());
        assertEquals(Set.of(one.table(), two.table()), scope.excludedTables());
    }

    private ScopeNode schema(String name, String search) {
        return ScopeNode.of(all, search).stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static TableInfo table(String schema, String name) {
        var ref = new TableRef(schema, name);
        return new TableInfo(ref, ref, 8192, 10, ReplicaIdentity.PRIMARY_KEY, false);
    }
}
