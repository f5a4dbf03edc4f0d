package io.handover.pg;

import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;

/// What the servers have that a hand-over is about.
///
/// @param locked    quoted names of the tables that are locked, in order
/// @param published quoted names of the tables that the stream carries
/// @param sequences quoted names of the sequences
/// @param views     quoted names of the materialized views that are refreshed
/// @param epoch     the number of the next attempt
public record CutoverFacts(
        List<String> locked, List<String> published, List<String> sequences, List<String> views, long epoch) {

    /// Copies the lists.
    public CutoverFacts {
        locked = List.copyOf(locked);
        published = List.copyOf(published);
        sequences = List.copyOf(sequences);
        views = List.copyOf(views);
    }

    /// Reads them for a hand-over from `side`.
    ///
    /// @param from the owner
    /// @param to   the other server
    public static CutoverFacts read(Connection from, Connection to, Plan plan, Side side) throws SQLException {
        var locked = new TreeSet<TableRef>();
        Catalog.tables(from).stream()
                .map(TableInfo::table)
                .filter(plan.scope()::includes)
                .forEach(locked::add);
        Catalog.partitionedTables(from).stream().filter(plan.scope()::includes).forEach(locked::add);
        var published =
                new TreeSet<TableRef>(Publications.tables(from, plan.id().publication(side)));
        published.remove(Publications.FENCE);
        long here = Mark.read(from).map(Mark::epoch).orElse(0L);
        long there = Mark.read(to).map(Mark::epoch).orElse(0L);
        return new CutoverFacts(
                locked.stream().map(SqlNames::quoted).toList(),
                published.stream().map(SqlNames::quoted).toList(),
                SequenceSync.read(from, plan.scope()).stream()
                        .map(state -> SqlNames.quoted(state.sequence()))
                        .toList(),
                Catalog.materializedViews(to).stream()
                        .filter(MaterializedView::populated)
                        .map(view -> SqlNames.quoted(view.name()))
                        .toList(),
                Math.max(here, there) + 1);
    }
}
