package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What logical replication does not carry, and what Handover does about it.
final class UnsupportedObjectsCheck implements Check {

    @Override
    public String name() {
        return "not-replicated";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        long largeObjects = Catalog.largeObjectCount(with.onSource());
        if (largeObjects > 0) {
            findings.add(
                    Findings.note(
                            name(),
                            Side.SOURCE,
                            largeObjects + (largeObjects == 1 ? " large object" : " large objects"),
                            "They are not replicated: copied with the baseline, and brought up to date inside the write pause."));
        }
        List<TableRef> unlogged = SchemaFacts.unloggedTables(with.onSource());
        if (!unlogged.isEmpty()) {
            findings.add(Findings.warning(
                    name(),
                    Side.SOURCE,
                    "Unlogged tables: " + Findings.names(unlogged),
                    "They are not replicated: copied again inside the write pause, which grows with their size.",
                    "Empty or log them, or leave them out, if they are big."));
        }
        List<TableRef> hashed = SchemaFacts.hashedByEnum(with.onSource()).stream()
                .filter(with.plan().scope()::includes)
                .toList();
        if (!hashed.isEmpty()) {
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "Partitioned by the hash of an enum: " + Findings.names(hashed),
                    "An enum's labels have other numbers in each database, so on the target a row belongs into another"
                            + " partition than the one it comes from, and would be refused there.",
                    "Leave them out of the migration's scope and move them by pg_dump --load-via-partition-root, or"
                            + " partition them by the enum's text."));
        }
        List<TableRef> foreign = Catalog.foreignTables(with.onSource());
        if (!foreign.isEmpty()) {
            findings.add(Findings.note(
                    name(),
                    Side.SOURCE,
                    "Foreign tables: " + Findings.names(foreign),
                    "Their definitions move, their rows stay where they are."));
        }
        int views = Catalog.materializedViews(with.onSource()).size();
        if (views > 0) {
            findings.add(Findings.note(
                    name(),
                    Side.SOURCE,
                    views + (views == 1 ? " materialized view" : " materialized views"),
                    "They are not replicated: refreshed on the target after the copy and before the cutover."));
        }
        return findings;
    }
}
