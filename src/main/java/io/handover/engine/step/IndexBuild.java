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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Indexes and constraints, several at once, of one table too: a key as a unique index first, which many can build side
/// by side, and a foreign key unchecked first, so that checking it is no obstacle to others.
final class IndexBuild {

    private final StepContext with;
    private final BuildCrew crew;
    private final IndexProgress progress;
    private final List<DumpEntry> open;
    private final DbSession target;
    private final Map<TableRef, Long> bytes;

    /// A statement of an entry: all of it, or one of its two steps.
    ///
    /// @param made whether the entry is done with it
    private record Part(DumpEntry entry, boolean made) {}

    /// @param open entries that are still to be made
    IndexBuild(StepContext with, BuildCrew crew, IndexProgress progress, List<DumpEntry> open) throws SQLException {
        this.with = with;
        this.crew = crew;
        this.progress = progress;
        this.open = open;
        this.target = crew.first();
        this.bytes =
                Catalog.tables(target.jdbc()).stream().collect(Collectors.toMap(TableInfo::table, TableInfo::bytes));
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
        for (DumpEntry entry : entries(sections)) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            if (steps.isPresent()) {
                Set<TableRef> table = Set.of(steps.get().table());
                building.add(new Item<>(new Part(steps.get().first(), false), new EntryLocks(table, true)));
                saying.add(new Item<>(new Part(steps.get().second(), true), new EntryLocks(table, false)));
            } else {
                building.add(new Item<>(new Part(entry, true), EntryLocks.of(entry)));
            }
        }
        expect(building);
        expect(saying);
        run("Building keys and indexes", building);
        run("Making keys of their indexes", saying);
    }

    /// Foreign keys and checks, once there are the keys that they need.
    void constraints() throws SQLException, InterruptedException, StoppedException {
        var adding = new ArrayList<DumpEntry>();
        var checking = new ArrayList<Item<Part>>();
        Map<TableRef, Set<String>> there = TwoSteps.foreignKeys(target.jdbc());
        for (DumpEntry entry : entries(Set.of(DumpSection.CONSTRAINTS))) {
            Optional<TwoSteps> steps = TwoSteps.of(entry, bytes.keySet());
            if (steps.isPresent()) {
                Set<TableRef> table = Set.of(steps.get().table());
                if (!there.getOrDefault(steps.get().table(), Set.of())
                        .contains(steps.get().name())) {
                    adding.add(steps.get().first());
                }
                // reading the other table keeps nobody from it
                checking.add(new Item<>(new Part(steps.get().second(), true), new EntryLocks(table, false)));
            } else {
                checking.add(new Item<>(new Part(entry, true), EntryLocks.of(entry)));
            }
        }
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
        run("Checking foreign keys and constraints", checking);
    }

    private List<DumpEntry> entries(Set<DumpSection> sections) {
        return open.stream().filter(entry -> sections.contains(entry.section())).toList();
    }

    private void expect(List<Item<Part>> items) {
        items.stream()
                .filter(item -> item.work().made())
                .forEach(item -> item.locks().tables().forEach(progress::expect));
    }

    private void run(String phase, List<Item<Part>> items) throws SQLException, InterruptedException, StoppedException {
        Comparator<Item<Part>> bySize = Comparator.comparingLong(item -> item.locks().tables().stream()
                .mapToLong(table -> bytes.getOrDefault(table, 0L))
                .max()
                .orElse(0));
        var sorted = new ArrayList<>(items);
        sorted.sort(
                Comparator.comparing((Item<Part> item) -> item.work().entry().section())
                        .thenComparing(bySize.reversed()));
        progress.phase(phase);
        crew.run(
                new BuildQueue<>(sorted),
                with.plan().workers(),
                (member, part) -> {
                    if (part.made()) {
                        member.writer().write(List.of(part.entry()), with.gate(), _ -> {});
                        progress.built(EntryLocks.of(part.entry()).tables());
                    } else {
                        member.writer().prepare(part.entry());
                    }
                },
                () -> progress.tick(crew.pids()));
    }
}
