package io.handover.ui.snapshot;

import io.handover.model.Scope;
import io.handover.model.TableInfo;
import java.util.HashSet;
import java.util.List;

/// Takes rows of the scope tree in and out. Pure.
final class ScopeEdit {

    private ScopeEdit() {}

    /// `scope` with the tables of `node` in or out.
    ///
    /// A schema that is taken out whole is out by its name, and so are tables that will be made in it later;
    /// a schema that is only partly out is out table by table.
    ///
    /// @param all every table there is: of a schema that comes partly back, the others stay out by name
    static Scope set(Scope scope, ScopeNode node, boolean in, List<TableInfo> all) {
        var schemas = new HashSet<>(scope.excludedSchemas());
        var tables = new HashSet<>(scope.excludedTables());
        String schema = node.tables().getFirst().table().schema();
        if (in) {
            if (schemas.remove(schema)) {
                all.stream()
                        .map(TableInfo::table)
                        .filter(table -> table.schema().equals(schema))
                        .forEach(tables::add);
            }
            node.tables().forEach(table -> tables.remove(table.table()));
        } else if (node.kind() == ScopeNode.Kind.SCHEMA && node.whole()) {
            schemas.add(schema);
            tables.removeIf(table -> table.schema().equals(schema));
        } else if (!schemas.contains(schema)) {
            node.tables().forEach(table -> tables.add(table.table()));
        }
        return new Scope(schemas, tables);
    }
}
