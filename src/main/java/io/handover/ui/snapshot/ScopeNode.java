package io.handover.ui.snapshot;

import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One row of the scope tree.
///
/// @param kind     what it stands for
/// @param name     unquoted, as the catalogue has it
/// @param tables   the tables it stands for, itself or those below it; never empty, all of one schema
/// @param children empty for a table
/// @param whole    true if nothing that belongs to it is hidden by the search
record ScopeNode(Kind kind, String name, List<TableInfo> tables, List<ScopeNode> children, boolean whole) {

    /// What a row stands for.
    enum Kind {
        SCHEMA,
        PARTITIONED,
        TABLE
    }

    /// The schemas of those of `all` whose names contain `search`, whatever the case; all for an empty one.
    static List<ScopeNode> of(List<TableInfo> all, String search) {
        String wanted = search.strip().toLowerCase(Locale.ROOT);
        Map<String, List<TableInfo>> schemas = new LinkedHashMap<>();
        for (TableInfo table : all) {
            schemas.computeIfAbsent(table.table().schema(), _ -> new ArrayList<>())
                    .add(table);
        }
        var nodes = new ArrayList<ScopeNode>();
        schemas.forEach((name, tables) -> {
            var found = wanted.isEmpty()
                    ? tables
                    : tables.stream().filter(table -> matches(table, wanted)).toList();
            if (!found.isEmpty()) {
                nodes.add(schema(name, found, found.size() == tables.size()));
            }
        });
        return nodes;
    }

    /// `schema.name` of a table, the bare name of a schema.
    String display() {
        return switch (kind) {
            case SCHEMA -> name;
            case PARTITIONED -> tables.getFirst().root().display();
            case TABLE -> tables.getFirst().table().display();
        };
    }

    private static boolean matches(TableInfo table, String wanted) {
        return table.table().display().toLowerCase(Locale.ROOT).contains(wanted)
                || table.root().display().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static ScopeNode schema(String name, List<TableInfo> tables, boolean whole) {
        Map<TableRef, List<TableInfo>> roots = new LinkedHashMap<>();
        for (TableInfo table : tables) {
            roots.computeIfAbsent(table.root(), _ -> new ArrayList<>()).add(table);
        }
        var children = roots.entrySet().stream()
                .map(root -> below(root.getKey(), root.getValue(), whole))
                .toList();
        return new ScopeNode(Kind.SCHEMA, name, List.copyOf(tables), children, whole);
    }

    private static ScopeNode below(TableRef root, List<TableInfo> tables, boolean whole) {
        var first = tables.getFirst();
        if (tables.size() == 1 && first.table().equals(root)) {
            return table(first);
        }
        var partitions = tables.stream().map(ScopeNode::table).toList();
        return new ScopeNode(Kind.PARTITIONED, root.name(), List.copyOf(tables), partitions, whole);
    }

    private static ScopeNode table(TableInfo info) {
        return new ScopeNode(Kind.TABLE, info.table().name(), List.of(info), List.of(), true);
    }
}
