package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.DumpEntry;
import io.handover.pg.DumpSection;
import io.handover.pg.DumpStore;
import io.handover.pg.EntryLocks;
import io.handover.pg.MaterializedView;
import io.handover.pg.SqlFailure;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One run of `IndexStep`.
final class IndexRun {

    /// Tables below this many bytes are analysed together: a statement each would take longer than the work.
    private static final long SMALL = 16L << 20;

    private static final int TOGETHER = 100;

    private final StepContext with;
    private final BuildCrew crew;
    private final DbSession target;
    private final Set<TableRef> filledOnSource;
    private final List<DumpEntry> open;
    private final IndexProgress progress;
    private final EarlyIndexes.Begun begun;

    /// Looks what is still to be made.
    ///
    /// @param filledOnSource materialized views that can be read on the source
    /// @param begun          what is being built already; nothing is added to it any more
    IndexRun(StepContext with, BuildCrew crew, Set<TableRef> filledOnSource, EarlyIndexes.Begun begun)
            throws SQLException {
        this.begun = begun;
        this.with = with;
        this.crew = crew;
        this.target = crew.first();
        this.filledOnSource = filledOnSource;
        this.open = DumpStore.afterRows(target.jdbc(), false);
        int made = DumpStore.afterRows(target.jdbc(), true).size();
        this.progress = new IndexProgress(
                with, made, made + toMake(open, Catalog.materializedViews(target.jdbc()), filledOnSource));
    }

    /// Materialized views that can be read on `source`: one made `WITH NO DATA` stays like that.
    static Set<TableRef> filledViews(DbSession source) throws SQLException {
        return Catalog.materializedViews(source.jdbc()).stream()
                .filter(MaterializedView::populated)
                .map(MaterializedView::name)
                .collect(Collectors.toSet());
    }

    /// How much is to be made, as people are told it: entries, and views to be filled.
    ///
    /// @param open entries that are not made
    static int toMake(List<DumpEntry> open, List<MaterializedView> views, Set<TableRef> filledOnSource) {
        long lateViews = open.stream()
                .filter(entry -> entry.type().equals("MATERIALIZED VIEW"))
                .count();
        return open.size() + (int) lateViews + unfilled(views, filledOnSource).size();
    }

    /// Makes the keys only, on all tables: what a stream needs to find its rows by.
    static void keys(StepContext with) throws SQLException, InterruptedException, StoppedException {
        try (BuildCrew crew = BuildCrew.open(with)) {
            DumpStore.create(crew.first());
            var run = new IndexRun(with, crew, Set.of(), EarlyIndexes.Begun.none());
            new IndexBuild(with, crew, run.progress, run.open, run.begun).keys();
            DumpStore.seal(crew.first());
        }
    }

    /// Makes everything, in the order in which each needs the other.
    void everything() throws SQLException, InterruptedException, StoppedException {
        var build = new IndexBuild(with, crew, progress, open, begun);
        Map<Boolean, List<TableInfo>> byTurn =
                build.tables().stream().collect(Collectors.partitioningBy(lateStatistics()));
        List<List<TableRef>> beside = groups(byTurn.getOrDefault(false, List.of()), List.of());
        List<List<TableRef>> last = groups(
                byTurn.getOrDefault(true, List.of()),
                Catalog.materializedViews(target.jdbc()).stream()
                        .map(MaterializedView::name)
                        .toList());
        progress.also(beside.size() + last.size());
        var partitioned = new HashSet<TableRef>();
        build.tables().stream()
                .filter(info -> !info.root().equals(info.table()))
                .forEach(info -> partitioned.add(info.root()));
        build.everything(
                open.stream()
                        .filter(entry -> entry.section() == DumpSection.ATTACH)
                        .toList(),
                beside.stream()
                        .map(group -> new BuildQueue.Item<>(
                                analysis(group),
                                new EntryLocks(Set.copyOf(group), false),
                                BuildTurn.CHECK,
                                group.stream().anyMatch(partitioned::contains)))
                        .toList());
        inOrder("Making triggers, rules and policies", entry -> isLate(entry) && !isEventTrigger(entry));
        fill();
        inOrder("Making event triggers", entry -> isLate(entry) && isEventTrigger(entry));
        run(
                "Gathering statistics",
                BuildQueue.free(last.stream().map(this::analysis).toList()),
                with.plan().workers(),
                (member, task) -> task.run(member));
        DumpStore.seal(target);
    }

    /// Tables with statistics objects of the user's, which are filled when the table is analysed and are made late.
    private Predicate<TableInfo> lateStatistics() {
        var tables = new HashSet<TableRef>();
        for (DumpEntry entry : open) {
            if (entry.type().equals("STATISTICS")) {
                Set<TableRef> its = EntryLocks.of(entry).tables();
                if (its.isEmpty()) {
                    return _ -> true; // an expression that looks like a table's name
                }
                tables.addAll(its);
            }
        }
        return info -> tables.contains(info.table()) || tables.contains(info.root());
    }

    private void inOrder(String phase, Predicate<DumpEntry> which)
            throws SQLException, InterruptedException, StoppedException {
        List<DumpEntry> entries = open.stream().filter(which).toList();
        if (!entries.isEmpty()) {
            run(phase, BuildQueue.free(List.of(entries)), 1, (member, all) -> {
                member.writer().write(all, with.gate(), _ -> {});
                all.forEach(_ -> progress.built(List.of()));
            });
        }
    }

    /// One after the other, because each may read the one before. Filled ones are left alone: this may not
    /// be the first run.
    private void fill() throws SQLException, InterruptedException, StoppedException {
        run("Filling materialized views", BuildQueue.free(unfilled()), 1, (member, view) -> {
            try {
                if (member.session().major() >= 11) {
                    member.session().change("reset jit"); // its query is the user's
                }
                member.session().change("refresh materialized view " + SqlNames.quoted(view));
                progress.built(List.of());
            } catch (SQLException e) {
                throw new SQLException(
                        "materialized view " + view.display() + ": " + e.getMessage(), SqlFailure.state(e), e);
            }
        });
    }

    private List<TableRef> unfilled() throws SQLException {
        return unfilled(Catalog.materializedViews(target.jdbc()), filledOnSource);
    }

    private static List<TableRef> unfilled(List<MaterializedView> views, Set<TableRef> filledOnSource) {
        return views.stream()
                .filter(view -> !view.populated())
                .map(MaterializedView::name)
                .filter(filledOnSource::contains)
                .toList();
    }

    /// A partitioned table's statistics take its partitions' along. What cannot be analysed is noted: the
    /// rows are right without statistics.
    private BuildCrew.Task analysis(List<TableRef> group) {
        return member -> {
            try {
                analyze(member.session(), group);
            } catch (SQLException e) {
                if (SqlFailure.connectionLost(e) || with.gate().isStopped()) {
                    throw e;
                }
                for (TableRef table : group) {
                    with.gate().pass();
                    analyzeOrNote(member.session(), table);
                }
            }
            progress.built(List.of());
        };
    }

    private void analyzeOrNote(DbSession session, TableRef table) throws SQLException {
        try {
            analyze(session, List.of(table));
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e) || with.gate().isStopped()) {
                throw e;
            }
            with.note("No statistics of " + table.display() + ": " + SqlFailure.state(e) + " " + e.getMessage());
        }
    }

    private static void analyze(DbSession session, List<TableRef> tables) throws SQLException {
        session.change("analyze " + tables.stream().map(SqlNames::quoted).collect(Collectors.joining(", ")));
    }

    private List<List<TableRef>> groups(List<TableInfo> tables, List<TableRef> views) {
        Map<TableRef, Long> roots = tables.stream()
                .filter(with.plan().scope()::includes)
                .collect(Collectors.groupingBy(TableInfo::root, Collectors.summingLong(TableInfo::bytes)));
        var groups = new ArrayList<List<TableRef>>();
        var small = new ArrayList<TableRef>();
        roots.entrySet().stream()
                .sorted(Map.Entry.<TableRef, Long>comparingByValue().reversed())
                .forEach(root -> {
                    if (root.getValue() >= SMALL) {
                        groups.add(List.of(root.getKey()));
                    } else {
                        small.add(root.getKey());
                    }
                });
        small.addAll(views);
        for (int i = 0; i < small.size(); i += TOGETHER) {
            groups.add(List.copyOf(small.subList(i, Math.min(i + TOGETHER, small.size()))));
        }
        return groups;
    }

    private <T> void run(String phase, BuildQueue<T> queue, int size, BuildCrew.Work<T> work)
            throws SQLException, InterruptedException, StoppedException {
        progress.phase(phase);
        crew.run(queue, size, work, () -> progress.tick(crew.pids()));
    }

    private static boolean isLate(DumpEntry entry) {
        return entry.section() == DumpSection.LATE;
    }

    private static boolean isEventTrigger(DumpEntry entry) {
        return entry.type().equals("EVENT TRIGGER");
    }
}
