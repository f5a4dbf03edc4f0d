package io.handover.pg;

import io.handover.model.TableRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which tables an entry of the schema dump works on, so that entries which would wait for each other are
/// not run at the same time.
///
/// @param tables tables and materialized views; empty for what concerns none
/// @param shared whether other entries may work on them meanwhile, as several `CREATE INDEX` of one table can
public record EntryLocks(Set<TableRef> tables, boolean shared) {

    /// Copies the set.
    public EntryLocks {
        tables = Set.copyOf(tables);
    }

    /// Reads the statements of `entry`.
    public static EntryLocks of(DumpEntry entry) {
        List<SqlStatement> statements = SqlStatement.all(entry.sql());
        var tables = new HashSet<TableRef>();
        for (SqlStatement statement : statements) {
            if (statement.begins("CREATE", "STATISTICS")) {
                statement.relationAfter("FROM").ifPresent(tables::add);
            } else if (statement.begins("CREATE")) {
                statement.relationAfter("ON").ifPresent(tables::add);
            } else {
                statement.relationAfter("ALTER", "TABLE").ifPresent(tables::add);
                statement.relationAfter("REFERENCES").ifPresent(tables::add);
            }
        }
        return new EntryLocks(tables, statements.stream().allMatch(s -> s.begins("CREATE") && s.has("INDEX")));
    }
}
