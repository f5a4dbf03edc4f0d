package io.handover.engine.step;

import io.handover.engine.step.BuildQueue.Item;
import io.handover.flow.StoppedException;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.DumpEntry;
import io.handover.pg.DumpSection;
import io.handover.pg.EntryLocks;
import io.handover.pg.TwoSteps;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Indexes and constraints, several at once, of one table too: a key as a unique index first, which many can
/// build side by side, and a foreign key unchecked first, so that checking it is no obstacle to others.
final class IndexBuild {

    private final StepContext with;
    private final BuildCrew crew;
    private final IndexProgress progress;
    private final List<DumpEntry> open;
    private final DbSession target;
    private final List<TableInfo> tables;
    private final Map<TableRef, Long> bytes;

    private final SmallTables small;
    private final EarlyIndexes.Begun begun;

    /// All of an entry, of many of small tables, or one of the two steps of an entry.
    ///
    /// @param made whether the entries are done with it
    private record Part(List<DumpEntry> entries, boolean made, EntryLocks locks, BuildTurn turn, boolean wide) {

        static Part of(DumpEntry entry, boolean made, EntryLocks locks, BuildTurn turn) {
            return new Part(List.of(entry), made, locks, turn, locks.tables().isEmpty());
        }

        boolean isPack() {
            return entries.size() > 1;
        }

        /// Packs of indexes take a moment, and a foreign key of a big table may need one of their keys. Keys next, for
        /// the same reason. Then the biggest tables, so that nothing long begins last.
        int rank() {
            boolean key = entries.getFirst().section() == DumpSection.KEYS;
            return turn == BuildTurn.BUILD ? isPack() ? 0 : key ? 1 : 2 : isPack() ? 3 : 2;
        }

        /// The entry that may have been begun beside the copy.
        Optional<DumpEntry> single() {
            return turn == BuildTurn.BUILD && !isPack() ? Optional.of(entries.getFirst()) : Optional.empty();
        }
    }

    /// @param open  entries that are still to be made
    /// @param begun those among them that are being built already
    IndexBuild(StepContext with, BuildCrew crew, IndexProgress progress, List<DumpEntry> open, EarlyIndexes.Begun begun)
            throws SQLException {
        this.begun = begun;
        this.with = with;
        this.crew = crew;
        this.progress = progress;
        this.open = open;
        this.target = crew.first();
        this.tables = Catalog.tables(target.jdbc());
        this.bytes = tables.stream().collect(Collectors.toMap(TableInfo::table, TableInfo::bytes));
        this.small = new SmallTables(bytes);
    }

    /// The target's tables, as big as they were before anything was built.
    List<TableInfo> tables() {
        return tables;
    }

    /// Everything that is at tables, each table's as soon as it can be: checking the last foreign key takes one
    /// session,
    /// and leaves the others idle.
    ///
    /// @param joining entries that make partitions' indexes parts of their parents', in order
    /// @param beside  what can be done at tables that have all their indexes
    void everything(List<DumpEntry> joining, List<Item<BuildCrew.Task>> beside)
            throws SQLException, InterruptedException, StoppedException {
        List<Part> parts = new ArrayList<>(indexes(Set.of(DumpSection.KEYS, DumpSection.INDEXES)));
        if (!joining.isEmpty()) {
            parts.add(new Part(joining, true, new EntryLocks(Set.of(), false), BuildTurn.ATTACH, true));
        }
        parts.addAll(constraints());
        run(parts, beside);
    }

    /// Keys alone.
    void keys() throws SQLException, InterruptedException, StoppedException {
        run(indexes(Set.of(DumpSection.KEYS)), List.of());
    }

    private List<Part> indexes(Set<DumpSection> sections) {
        var parts = new ArrayList<Part>();
        var packed = new LinkedHashMap<DumpEntry, Set<TableRef>>();
        for (DumpEntry entry : entries(sections)) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            EntryLocks locks =
                    steps.map(two -> new EntryLocks(Set.of(two.table()), true)).orElseGet(() -> EntryLocks.of(entry));
            if (small.areAll(locks.tables()) && !begun.builds().containsKey(entry.number())) {
                packed.put(steps.map(TwoSteps::both).orElse(entry), locks.tables());
            } else if (steps.isPresent()) {
                parts.add(Part.of(steps.get().first(), false, locks, BuildTurn.BUILD));
                parts.add(Part.of(steps.get().second(), true, new EntryLocks(locks.tables(), false), BuildTurn.SAY));
            } else {
                parts.add(Part.of(entry, true, locks, BuildTurn.BUILD));
            }
        }
        parts.addAll(packs(packed, BuildTurn.BUILD, false));
        return parts;
    }

    /// Foreign keys and checks. What is made in one may go on to tables that inherit.
    private List<Part> constraints() throws SQLException {
        var parts = new ArrayList<Part>();
        Map<TableRef, Set<String>> there = TwoSteps.foreignKeys(target.jdbc());
        var packed = new LinkedHashMap<DumpEntry, Set<TableRef>>();
        var inherited = new LinkedHashMap<DumpEntry, Set<TableRef>>();
        for (DumpEntry entry : entries(Set.of(DumpSection.CONSTRAINTS))) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            EntryLocks locks = EntryLocks.of(entry);
            boolean added = steps.isPresent()
                    && there.getOrDefault(steps.get().table(), Set.of())
                            .contains(steps.get().name());
            if (!added && small.areAll(locks.tables())) {
                (steps.isPresent() ? packed : inherited).put(entry, locks.tables());
            } else if (steps.isPresent()) {
                if (!added) {
                    parts.add(Part.of(steps.get().first(), false, locks, BuildTurn.ADD));
                }
                // reading the other table keeps nobody from it, once all its keys are there
                var table = new EntryLocks(Set.of(steps.get().table()), false);
                parts.add(new Part(List.of(steps.get().second()), true, table, BuildTurn.CHECK, added));
            } else {
                parts.add(new Part(List.of(entry), true, locks, BuildTurn.CHECK, true));
            }
        }
        parts.addAll(packs(packed, BuildTurn.CHECK, false));
        parts.addAll(packs(inherited, BuildTurn.CHECK, true));
        return parts;
    }

    private List<DumpEntry> entries(Set<DumpSection> sections) {
        return open.stream().filter(entry -> sections.contains(entry.section())).toList();
    }

    private List<Part> packs(Map<DumpEntry, Set<TableRef>> entries, BuildTurn turn, boolean wide) {
        return small.packed(entries).stream()
                .map(pack -> new Part(pack.entries(), true, pack.locks(), turn, wide))
                .toList();
    }

    private void run(List<Part> parts, List<Item<BuildCrew.Task>> beside)
            throws SQLException, InterruptedException, StoppedException {
        parts.stream()
                .filter(Part::made)
                .flatMap(part -> part.entries().stream())
                .forEach(entry -> EntryLocks.of(entry).tables().forEach(progress::expect));
        var items = new ArrayList<Item<BuildCrew.Task>>();
        parts.stream()
                .sorted(Comparator.comparingInt((Part part) -> early(part).isPresent() ? -1 : part.rank())
                        .thenComparing(Comparator.comparingLong(this::size).reversed())
                        .thenComparing(Part::turn))
                .forEach(part -> items.add(new Item<>(task(part), part.locks(), part.turn(), part.wide())));
        items.addAll(beside);
        var queue = new BuildQueue<>(items);
        crew.run(queue, with.plan().workers(), (member, task) -> task.run(member), () -> {
            queue.turn().ifPresent(turn -> progress.phase(turn.words()));
            progress.tick(
                    Stream.concat(crew.pids().stream(), begun.pids().stream()).toList());
        });
    }

    /// What was begun beside the copy; a worker of ours waits for it, so that no more work than there are workers.
    private Optional<Future<Boolean>> early(Part part) {
        return part.single().map(entry -> begun.builds().get(entry.number()));
    }

    /// @return false if it could not be built: then it is to be built here, and fails here if it has to
    private boolean awaited(Future<Boolean> build) throws InterruptedException, StoppedException {
        while (true) {
            try {
                return build.get(250, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                with.gate().pause(0); // its session is not this crew's to cancel
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
            }
        }
    }

    private long size(Part part) {
        return part.locks().tables().stream()
                .mapToLong(table -> bytes.getOrDefault(table, 0L))
                .max()
                .orElse(0);
    }

    private BuildCrew.Task task(Part part) {
        Optional<Future<Boolean>> early = early(part);
        return member -> {
            boolean built = early.isPresent() && awaited(early.get());
            if (part.made()) {
                if (!built) {
                    member.writer().write(part.entries(), with.gate(), _ -> {});
                }
                part.entries()
                        .forEach(entry -> progress.built(EntryLocks.of(entry).tables()));
            } else if (!built) {
                member.writer().prepare(part.entries().getFirst());
            }
        };
    }
}
