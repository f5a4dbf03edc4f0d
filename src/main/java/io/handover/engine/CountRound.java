package io.handover.engine;

import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.model.TableCounts;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.RowCounts;
import io.handover.pg.RowCounts.Estimate;
import io.handover.pg.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One round of counting after the other, with a connection to each side that is kept while it lives.
///
/// What a round has no time for keeps its last exact count; the next round begins there.
final class CountRound implements AutoCloseable {

    /// Larger tables are estimated.
    static final long EXACT_BYTES = 20L * 1024 * 1024;

    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final int SECONDS = 5;
    private static final int PORTION = 20;

    private final CountedSide source;
    private final CountedSide target;
    private final Supplier<Scope> scope;
    private int next;

    CountRound(Function<Side, Server> servers, Supplier<Scope> scope) {
        this.source = new CountedSide(() -> servers.apply(Side.SOURCE));
        this.target = new CountedSide(() -> servers.apply(Side.TARGET));
        this.scope = scope;
    }

    /// Counts.
    ///
    /// @return all tables of the source in scope, in name order; empty if the source cannot be read, since
    ///         only it knows them
    Optional<List<TableCounts>> count() {
        Scope wantedScope = scope.get();
        var tables = source.read(s -> Catalog.unmeasured(s.jdbc()));
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        List<TableRef> wanted = tables.get().stream()
                .filter(t -> wantedScope.includes(t.table()) && wantedScope.includes(t.root()))
                .map(TableInfo::table)
                .toList();
        Map<TableRef, Estimate> here = estimates(source);
        Map<TableRef, Estimate> there = estimates(target);
        Set<TableRef> small = wanted.stream()
                .filter(t -> isSmall(here.get(t)) && isSmall(there.get(t)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        countSmall(small);
        var result = new ArrayList<TableCounts>();
        for (TableRef table : wanted) {
            result.add(of(table, here.get(table), there.get(table), small.contains(table)));
        }
        return Optional.of(result);
    }

    /// Breaks off what runs; any thread.
    void abort() {
        source.abort();
        target.abort();
    }

    @Override
    public void close() throws SQLException {
        source.close();
        target.close();
    }

    private static Map<TableRef, Estimate> estimates(CountedSide side) {
        return side.read(s -> RowCounts.estimates(s.jdbc(), SECONDS)).orElse(Map.of());
    }

    private void countSmall(Set<TableRef> tables) {
        List<TableRef> small = List.copyOf(tables);
        source.keepOnly(tables);
        target.keepOnly(tables);
        long end = System.nanoTime() + BUDGET.toNanos();
        for (int done = 0; done < small.size() && System.nanoTime() < end; done += PORTION) {
            next = next >= small.size() ? 0 : next;
            List<TableRef> portion = small.subList(next, Math.min(small.size(), next + PORTION));
            source.count(portion, SECONDS);
            target.count(portion, SECONDS);
            next += PORTION;
        }
    }

    private TableCounts of(TableRef table, @Nullable Estimate here, @Nullable Estimate there, boolean small) {
        OptionalLong ours = source.exact(table);
        OptionalLong theirs = target.exact(table);
        return small && (ours.isPresent() || theirs.isPresent())
                ? new TableCounts(table, ours, theirs, true)
                : new TableCounts(table, estimated(here), estimated(there), false);
    }

    private static OptionalLong estimated(@Nullable Estimate estimate) {
        return estimate == null ? OptionalLong.empty() : estimate.rows();
    }

    private static boolean isSmall(@Nullable Estimate estimate) {
        return estimate == null || estimate.bytes() <= EXACT_BYTES;
    }
}
