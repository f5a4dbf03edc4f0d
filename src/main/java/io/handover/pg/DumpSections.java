package io.handover.pg;

import io.handover.model.TableRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Sorts the entries of a dump into sections.
///
/// `pg_dump` orders by dependency, everything of before the rows first. What is of such a kind and stands
/// later nevertheless (a materialized view or a function that needs a primary key, a comment on an index, a
/// grant) was put there for a reason and is late.
final class DumpSections {

    private final Set<TableRef> lateViews = new HashSet<>();
    private boolean afterRows;

    private DumpSections() {}

    static List<DumpEntry> assign(List<DumpEntry> entries) {
        var sections = new DumpSections();
        var sorted = new ArrayList<DumpEntry>(entries.size());
        for (DumpEntry entry : entries) {
            sorted.add(entry.in(sections.of(entry)));
        }
        return sorted;
    }

    private DumpSection of(DumpEntry entry) {
        DumpSection section = kind(entry);
        if (section != DumpSection.PRE_DATA) {
            afterRows = true;
            return section;
        }
        if (!afterRows) {
            return DumpSection.PRE_DATA;
        }
        if (entry.type().equals("MATERIALIZED VIEW")) {
            SqlStatement.all(entry.sql())
                    .getFirst()
                    .relationAfter("MATERIALIZED", "VIEW")
                    .ifPresent(lateViews::add);
        }
        return DumpSection.LATE;
    }

    private DumpSection kind(DumpEntry entry) {
        return switch (entry.type()) {
            case "CONSTRAINT", "INDEX" -> index(SqlStatement.all(entry.sql()), entry);
            case "INDEX ATTACH" -> DumpSection.ATTACH;
            case "FK CONSTRAINT", "CHECK CONSTRAINT" -> DumpSection.CONSTRAINTS;
            case "TRIGGER", "EVENT TRIGGER", "RULE", "POLICY", "ROW SECURITY", "STATISTICS" -> DumpSection.LATE;
            default -> DumpSection.PRE_DATA;
        };
    }

    private DumpSection index(List<SqlStatement> statements, DumpEntry entry) {
        if (statements.stream().anyMatch(s -> s.has("PRIMARY", "KEY") || s.has("REPLICA", "IDENTITY"))) {
            return DumpSection.KEYS;
        }
        if (entry.type().equals("INDEX")) {
            boolean late = statements
                    .getFirst()
                    .relationAfter("ON")
                    .filter(lateViews::contains)
                    .isPresent();
            return late ? DumpSection.LATE : DumpSection.INDEXES;
        }
        boolean built = statements.stream().anyMatch(s -> s.has("UNIQUE") || s.has("EXCLUDE"));
        return built ? DumpSection.INDEXES : DumpSection.CONSTRAINTS;
    }
}
