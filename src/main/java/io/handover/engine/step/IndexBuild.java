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
import java.util.stream.Collectors;

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

    /// All of an entry, of many of small tables, or one of the two steps of an entry.
    ///
    /// @param made whether the entries are done with it
    private record Part(List<DumpEntry> entries, boolean made) {

        static Part of(DumpEntry entry, boolean made) {
            return new Part(List.of(entry), made);
        }

        boolean isPack() {
            return entries.size() > 1;
        }
    }

    /// @param open entries that are still to be made
    IndexBuild(StepContext with, BuildCrew crew, IndexProgress progress, List<DumpEntry> open) throws SQLException {
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

    /// Keys first, then the biggest tables first, so that nothing long begins last; then what only has to be said.
    void keysAndIndexes() throws SQLException, InterruptedException, StoppedException {
        indexes(Set.of(DumpSection.KEYS, DumpSection.INDEXES));
    }

    /// Keys alone.
    void keys() throws SQLException, InterruptedException, StoppedException {
        indexes(Set.of(DumpSection.KEYS));
    }

    private void indexes(Set<DumpSection> sections) throws SQLException, InterruptedException, StoppedException {
        var building = new ArrayList<Item<Part>>();
        var saying = new ArrayList<Item<Part>>();
        var packed = new LinkedHashMap<DumpEntry, Set<TableRef>>();
        for (DumpEntry entry : entries(sections)) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            Set<TableRef> tables = steps.map(two -> Set.of(two.table()))
                    .orElseGet(() -> EntryLocks.of(entry).tables());
            if (small.areAll(tables)) {
                packed.put(steps.map(TwoSteps::both).orElse(entry), tables);
            } else if (steps.isPresent()) {
                building.add(new Item<>(Part.of(steps.get().first(), false), new EntryLocks(tables, true)));
                saying.add(new Item<>(Part.of(steps.get().second(), true), new EntryLocks(tables, false)));
            } else {
                building.add(new Item<>(Part.of(entry, true), EntryLocks.of(entry)));
            }
        }
        building.addAll(packs(packed));
        expect(building);
        expect(saying);
        run("Building keys and indexes", building);
        run("Making keys of their indexes", saying);
    }

    /// Foreign keys and checks, once there are the keys that they need; and what else can be done beside
    /// them: checking the last foreign key takes one session, and leaves the others idle.
    ///
    /// @param beside no more than the tables' own locks keep it from its turn
    void constraints(List<Item<BuildCrew.Task>> beside) throws SQLException, InterruptedException, StoppedException {
        var adding = new ArrayList<DumpEntry>();
        var checking = new ArrayList<Item<Part>>();
        Map<TableRef, Set<String>> there = TwoSteps.foreignKeys(target.jdbc());
        var packed = new LinkedHashMap<DumpEntry, Set<TableRef>>();
        for (DumpEntry entry : entries(Set.of(DumpSection.CONSTRAINTS))) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            EntryLocks locks = EntryLocks.of(entry);
            boolean added = steps.isPresent()
                    && there.getOrDefault(steps.get().table(), Set.of())
                            .contains(steps.get().name());
            if (!added && small.areAll(locks.tables())) {
                packed.put(entry, locks.tables());
            } else if (steps.isPresent()) {
                if (!added) {
                    adding.add(steps.get().first());
                }
                // reading the other table keeps nobody from it
                var table = new EntryLocks(Set.of(steps.get().table()), false);
                checking.add(new Item<>(Part.of(steps.get().second(), true), table));
            } else {
                checking.add(new Item<>(Part.of(entry, true), locks));
            }
        }
        checking.addAll(packs(packed));
        expect(checking);
        progress.phase("Adding foreign keys");
        crew.run(
                BuildQueue.free(List.of(adding)),
                1,
                (member, all) -> {
                    for (DumpEntry first : all) {
                        with.gate().pass();
                        member.writer().prepare(first);
                    }
                },
                () -> progress.tick(crew.pids()));
        var all = new ArrayList<Item<BuildCrew.Task>>();
        sorted(checking).forEach(item -> all.add(new Item<>(task(item.work()), item.locks())));
        all.addAll(beside);
        progress.phase(
                checking.isEmpty()
                        ? "Gathering statistics"
                        : "Checking foreign keys and constraints, gathering statistics");
        crew.run(new BuildQueue<>(all), with.plan().workers(), (member, task) -> task.run(member), this::tick);
    }

    private List<DumpEntry> entries(Set<DumpSection> sections) {
        return open.stream().filter(entry -> sections.contains(entry.section())).toList();
    }

    private List<Item<Part>> packs(Map<DumpEntry, Set<TableRef>> entries) {
        return small.packed(entries).stream()
                .map(item -> new Item<>(new Part(item.work(), true), item.locks()))
                .toList();
    }

    private void expect(List<Item<Part>> items) {
        items.stream()
                .filter(item -> item.work().made())
                .flatMap(item -> item.work().entries().stream())
                .forEach(entry -> EntryLocks.of(entry).tables().forEach(progress::expect));
    }

    private void run(String phase, List<Item<Part>> items) throws SQLException, InterruptedException, StoppedException {
        progress.phase(phase);
        crew.run(
                new BuildQueue<>(sorted(items)),
                with.plan().workers(),
                (member, part) -> task(part).run(member),
                this::tick);
    }

    private List<Item<Part>> sorted(List<Item<Part>> items) {
        Comparator<Item<Part>> bySize = Comparator.comparingLong(item -> item.locks().tables().stream()
                .mapToLong(table -> bytes.getOrDefault(table, 0L))
                .max()
                .orElse(0));
        return items.stream()
                .sorted(Comparator.comparing((Item<Part> item) -> item.work().isPack())
                        .thenComparing(item -> item.work().entries().getFirst().section())
                        .thenComparing(bySize.reversed()))
                .toList();
    }

    private BuildCrew.Task task(Part part) {
        return member -> {
            if (part.made()) {
                member.writer().write(part.entries(), with.gate(), _ -> {});
                part.entries()
                        .forEach(entry -> progress.built(EntryLocks.of(entry).tables()));
            } else {
                member.writer().prepare(part.entries().getFirst());
            }
        };
    }

    private void tick() {
        progress.tick(crew.pids());
    }
}
