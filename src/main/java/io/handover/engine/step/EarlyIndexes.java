package io.handover.engine.step;

import io.handover.model.CopyProgress;
import io.handover.model.Side;
import io.handover.model.TableProgress;
import io.handover.model.TableRef;
import io.handover.pg.BuildSessions;
import io.handover.pg.Catalog;
import io.handover.pg.CopyTable;
import io.handover.pg.DbSession;
import io.handover.pg.DumpEntry;
import io.handover.pg.DumpStore;
import io.handover.pg.LoneIndex;
import io.handover.pg.TargetLoad;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// Indexes of tables that are copied, built while others still are; see `package-info`. `BaselineStep` begins them,
/// `IndexStep` goes on with them, and whoever of the two ends otherwise than well ends them. For the thread of the
/// steps.
public final class EarlyIndexes {

    /// Indexes of smaller tables take a moment, and are built in packs afterwards.
    private static final long WORTH = 16L << 20;

    private final long least;
    private final Headroom headroom = new Headroom();
    private Optional<EarlyCrew> crew = Optional.empty();
    private List<LoneIndex> later = List.of();
    private final List<LoneIndex> ready = new ArrayList<>();
    private Map<TableRef, Long> bytes = Map.of();
    private int madeBefore;
    private int total;

    /// Of tables that are worth it.
    public EarlyIndexes() {
        this(WORTH);
    }

    /// @param least bytes of a table that is worth it, on the source, with TOAST
    EarlyIndexes(long least) {
        this.least = least;
    }

    /// For a copy beside which nothing is built.
    static EarlyIndexes none() {
        return new EarlyIndexes(Long.MAX_VALUE);
    }

    /// What a later step takes over: builds by the numbers of their entries, true once they are built, false if they
    /// could not be; and their backends.
    record Begun(Map<Integer, Future<Boolean>> builds, List<Integer> pids) {
        /// Nothing.
        static Begun none() {
            return new Begun(Map.of(), List.of());
        }
    }

    /// Looks what may be built beside the copy that begins. Nothing is built before a table is `ready`.
    ///
    /// @param tables that are copied, none of them unlogged
    void begin(StepContext with, Doing doing, Collection<CopyTable> tables) throws SQLException, InterruptedException {
        end();
        bytes = tables.stream()
                .filter(table -> table.bytes() >= least)
                .collect(Collectors.toMap(CopyTable::table, CopyTable::bytes));
        if (bytes.isEmpty()) {
            return;
        }
        Set<TableRef> values;
        Set<TableRef> filled;
        doing.now(Side.SOURCE, "reading the indexes");
        try (DbSession source = with.server(Side.SOURCE).open("early look")) {
            values = LoneIndex.ofValuesAlone(source.jdbc());
            filled = IndexRun.filledViews(source);
        }
        doing.now(Side.TARGET, "looking which indexes are built");
        try (DbSession target = with.server(Side.TARGET).open("early look")) {
            BuildSessions.end(target, List.of());
            DumpStore.create(target);
            List<DumpEntry> open = DumpStore.afterRows(target.jdbc(), false);
            Set<TableRef> alone = LoneIndex.tablesAlone(target.jdbc());
            alone.retainAll(bytes.keySet());
            later = LoneIndex.among(open, alone, values);
            madeBefore = DumpStore.afterRows(target.jdbc(), true).size();
            total = madeBefore + IndexRun.toMake(open, Catalog.materializedViews(target.jdbc()), filled);
        }
        if (!later.isEmpty()) {
            headroom.forget();
            crew = Optional.of(new EarlyCrew(with));
        }
    }

    /// Says that all rows of `tables` are on the target's disk.
    void ready(Collection<TableRef> tables) {
        var those = Set.copyOf(tables);
        later.stream().filter(index -> those.contains(index.table())).forEach(ready::add);
        later = later.stream().filter(index -> !those.contains(index.table())).toList();
        ready.sort(Comparator.comparingLong((LoneIndex index) -> bytes.getOrDefault(index.table(), 0L))
                .reversed());
    }

    /// Begins what may be begun now; to be called four times a second as long as rows are copied.
    void tick(StepContext with) {
        if (crew.isEmpty() || crew.get().isOff()) {
            return;
        }
        TargetLoad load;
        try (Connection monitor = with.server(Side.TARGET).monitor()) {
            load = TargetLoad.read(monitor);
        } catch (SQLException _) {
            headroom.forget(); // who knows what the target is at; if it is lost, the copy will say so
            return;
        }
        headroom.saw(load.working());
        int free = load.freeConnections();
        while (crew.get().building() < headroom.builders(with.plan().workers())
                && !with.gate().isHeld()) {
            Optional<LoneIndex> next = ready.stream()
                    .filter(index -> !with.heldTables().holds(index.table()))
                    .findFirst();
            if (next.isEmpty() || !crew.get().build(next.get(), free--)) {
                return;
            }
            ready.remove(next.get());
        }
    }

    /// What is done, to be put behind what the copy does; empty for nothing.
    String words() {
        return crew.isPresent() && crew.get().building() > 0 ? ", building indexes of those that are copied" : "";
    }

    /// `copied` with what is known of indexes.
    CopyProgress shownIn(CopyProgress copied) {
        if (crew.isEmpty()) {
            return copied;
        }
        Set<TableRef> now = crew.get().tables();
        return new CopyProgress(
                copied.at(),
                copied.phase(),
                copied.tables().stream()
                        .map(table -> now.contains(table.table()) ? indexing(table) : table)
                        .toList(),
                copied.bytesDone(),
                copied.bytesTotal(),
                copied.rowsCopied(),
                copied.bytesPerSecond(),
                copied.eta(),
                Math.min(total, madeBefore + crew.get().made()),
                total,
                copied.snapshotAge(),
                copied.walKept());
    }

    private static TableProgress indexing(TableProgress table) {
        return new TableProgress(
                table.table(),
                TableProgress.Phase.INDEXING,
                table.bytes(),
                table.rows(),
                table.copiedRows(),
                table.copiedBytes());
    }

    /// Begins nothing any more; what was begun goes on.
    void rest() {
        crew.ifPresent(EarlyCrew::rest);
    }

    /// The same, for whoever goes on with what was begun.
    Begun takeOver() {
        rest();
        return crew.map(some -> new Begun(some.begun(), some.pids())).orElse(Begun.none());
    }

    /// Breaks off what is still being built. When it returns, nobody of this program builds any more.
    void end() {
        crew.ifPresent(EarlyCrew::end);
        crew = Optional.empty();
        later = List.of();
        ready.clear();
    }
}
