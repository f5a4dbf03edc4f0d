package io.handover.engine.step;

import io.handover.model.Plan;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.pg.StreamedTables;
import io.handover.pg.TablePair;
import io.handover.pg.TableShape;
import io.handover.pg.TableShapes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a comparison covers, and what it leaves out and why.
///
/// @param pairs       tables that are compared
/// @param impossible  tables that belong to it but cannot be compared
/// @param notCompared what is left out on purpose, one line each
record VerifyScope(List<TablePair> pairs, List<TableVerdict> impossible, List<String> notCompared) {

    /// Reads both catalogues.
    ///
    /// @param streamed the tables that follow; empty where no stream is needed
    static VerifyScope read(Connection owner, Connection follower, Plan plan, Optional<StreamedTables> streamed)
            throws SQLException {
        Map<TableRef, TableShape> here = new TreeMap<>(TableShapes.read(owner));
        Map<TableRef, TableShape> there = TableShapes.read(follower);
        var pairs = new ArrayList<TablePair>();
        var impossible = new ArrayList<TableVerdict>();
        var left = new ArrayList<String>();
        for (TableShape shape : here.values()) {
            Optional<String> reason = leftOut(shape, plan);
            if (reason.isPresent()) {
                left.add(shape.table().display() + " " + reason.get());
                continue;
            }
            if (shape.kind() == TableShape.Kind.PARTITIONED) {
                continue;
            }
            TableShape other = there.get(shape.table());
            if (other == null || other.kind() != TableShape.Kind.TABLE) {
                impossible.add(notCompared(shape.table(), "The follower has no such table."));
                continue;
            }
            Optional<String> obstacle = streamed.flatMap(s -> obstacle(shape.table(), s));
            if (obstacle.isPresent()) {
                impossible.add(notCompared(shape.table(), obstacle.get()));
                continue;
            }
            try {
                pairs.add(TablePair.of(shape, other));
            } catch (TablePair.Mismatch e) {
                impossible.add(notCompared(shape.table(), String.valueOf(e.getMessage())));
            }
        }
        return new VerifyScope(pairs, impossible, left);
    }

    /// Why a table is none of this comparison's business.
    private static Optional<String> leftOut(TableShape shape, Plan plan) {
        if (!plan.scope().includes(shape.table()) || !plan.scope().includes(shape.root())) {
            return Optional.of("was left out by the plan.");
        }
        if (!shape.extension().isEmpty()) {
            return Optional.of("belongs to extension " + shape.extension() + ", which brings its own rows.");
        }
        return switch (shape.kind()) {
            case MATERIALIZED_VIEW -> Optional.of("is a materialized view: filled again at the cutover.");
            case FOREIGN -> Optional.of("is a foreign table: its rows lie on another server.");
            case TABLE, PARTITIONED ->
                shape.unlogged()
                        ? Optional.of("is unlogged: its rows are copied again at the cutover.")
                        : Optional.empty();
        };
    }

    private static Optional<String> obstacle(TableRef table, StreamedTables streamed) {
        if (streamed.ready().contains(table)) {
            return Optional.empty();
        }
        return Optional.of(
                streamed.notYet().contains(table)
                        ? "It does not follow yet: its rows are still being copied."
                        : "Its changes do not reach the follower: it is not in the subscription.");
    }

    private static TableVerdict notCompared(TableRef table, String why) {
        return new TableVerdict(table, TableVerdict.Verdict.NOT_COMPARED, -1, -1, "", "", 0, 0, List.of(), why);
    }
}
