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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a comparison covers, and what it leaves out and why.
///
/// @param pairs       tables that are compared
/// @param impossible  tables that belong to it but cannot be compared
/// @param notCompared what is left out on purpose, one line each
/// @param views       materialized views whose rows can be compared
record VerifyScope(
        List<TablePair> pairs, List<TableVerdict> impossible, List<String> notCompared, List<TablePair> views) {

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
        var views = new ArrayList<TablePair>();
        for (TableShape shape : here.values()) {
            Optional<String> reason = leftOut(shape, plan);
            if (reason.isPresent()) {
                left.add(shape.table().display() + " " + reason.get());
                continue;
            }
            if (shape.kind() == TableShape.Kind.MATERIALIZED_VIEW) {
                view(shape, there.get(shape.table()), views, left);
                continue;
            }
            boolean whole = isOtherLayout(here.get(shape.root()), there.get(shape.root()));
            if (whole ? !shape.table().equals(shape.root()) : shape.kind() == TableShape.Kind.PARTITIONED) {
                continue; // read with its root, or through its partitions
            }
            TableShape other = there.get(shape.table());
            if (other == null || !(whole || other.kind() == TableShape.Kind.TABLE)) {
                impossible.add(notCompared(shape.table(), "The follower has no such table."));
                continue;
            }
            Optional<String> obstacle = streamed.flatMap(s -> obstacle(shape, s))
                    .or(() -> whole ? ofPartitions(shape, here, plan) : Optional.empty())
                    .or(() -> whole ? ofPartitions(other, there, plan) : Optional.empty());
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
        return new VerifyScope(pairs, impossible, left, views);
    }

    /// Tables and views.
    List<TablePair> all() {
        var all = new ArrayList<>(pairs);
        all.addAll(views);
        return all;
    }

    private static void view(
            TableShape owner, @Nullable TableShape follower, List<TablePair> views, List<String> left) {
        if (follower == null || follower.kind() != TableShape.Kind.MATERIALIZED_VIEW) {
            left.add(VerifiedViews.line(owner.table(), "the follower has none"));
            return;
        }
        try {
            views.add(TablePair.of(owner, follower));
        } catch (TablePair.Mismatch e) {
            left.add(VerifiedViews.line(owner.table(), "it was not compared: " + e.getMessage()));
        }
    }

    /// True if a table is partitioned on one side only, or otherwise than on the other: then partition and partition
    /// cannot be compared, but both tables can.
    private static boolean isOtherLayout(@Nullable TableShape owner, @Nullable TableShape follower) {
        if (owner == null || follower == null || !isTable(owner) || !isTable(follower)) {
            return false;
        }
        return owner.kind() != follower.kind() || !Set.copyOf(owner.leaves()).equals(Set.copyOf(follower.leaves()));
    }

    private static boolean isTable(TableShape shape) {
        return shape.kind() == TableShape.Kind.TABLE || shape.kind() == TableShape.Kind.PARTITIONED;
    }

    /// Why a table cannot be read with all its partitions.
    private static Optional<String> ofPartitions(TableShape table, Map<TableRef, TableShape> shapes, Plan plan) {
        return table.leaves().stream()
                .map(shapes::get)
                .filter(Objects::nonNull)
                .flatMap(leaf -> leftOut(leaf, plan).stream()
                        .map(why -> "It can only be compared with all its partitions, but "
                                + leaf.table().display() + " " + why))
                .findFirst();
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
            case FOREIGN -> Optional.of("is a foreign table: its rows lie on another server.");
            case TABLE, PARTITIONED, MATERIALIZED_VIEW ->
                shape.unlogged()
                        ? Optional.of("is unlogged: its rows are copied again at the cutover.")
                        : Optional.empty();
        };
    }

    private static Optional<String> obstacle(TableShape shape, StreamedTables streamed) {
        if (streamed.ready().contains(shape.table()) || streamed.ready().contains(shape.root())) {
            return Optional.empty();
        }
        return Optional.of(
                streamed.notYet().contains(shape.table())
                        ? "It does not follow yet: its rows are still being copied."
                        : "Its changes do not reach the follower: it is not in the subscription.");
    }

    private static TableVerdict notCompared(TableRef table, String why) {
        return new TableVerdict(table, TableVerdict.Verdict.NOT_COMPARED, -1, -1, "", "", 0, 0, List.of(), why);
    }
}
