package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Archive;
import io.handover.model.Lsn;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.ArchivePlace;
import io.handover.pg.ArchiveReader;
import io.handover.pg.ArchiveSessions;
import io.handover.pg.ArchiveTools;
import io.handover.pg.ArchiveWriter;
import io.handover.pg.Catalog;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopyTable;
import io.handover.pg.DbSession;
import io.handover.pg.HeapMark;
import io.handover.pg.PgDumpFailure;
import io.handover.pg.SnapshotKeeper;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Rows read from an archive that `pg_dump` has written out of the slot's snapshot. Once it is whole the
/// source is not needed any more: the snapshot is let go, and vacuum with it.
///
/// # How it could lose, double or block, and why it does not
///
/// - **The archive is half**: nothing is read from it before `pg_dump` has ended well; until then it has
///   another name.
/// - **A table is rewritten between the snapshot and `pg_dump`'s lock on it, and seems empty**: all are
///   looked at after the dump, while it is not yet relied on.
/// - **The dump is of another moment than the slot**: `--snapshot` refuses a snapshot that is gone.
/// - **A table comes half, or its end is missing**: it is committed only after `pg_restore` has said
///   that it came to its end, together with the note of it. What is broken off is rolled back.
/// - **A table comes twice, or that of somebody else**: the note's key; tables are found in the archive
///   by their OID and read one at a time.
/// - **Large objects come twice**: they do not come from the archive, but out of the same snapshot as in
///   any other copy.
/// - **A `pg_dump` outlives a Handover that was killed**: its sessions have the migration's id in their
///   name and are ended first of all, and its file is removed.
/// - **Somebody waits for a lock that `pg_dump` has from its beginning to its end**, on every table:
///   TRUNCATE, ALTER TABLE. The page says who waits. A parallel `pg_dump` fails then, by PostgreSQL's
///   own rule; it is run again with one worker.
final class ArchivedRows implements RowSource {

    private final StepContext with;
    private final Side owner;
    private final Lsn start;
    private final ArchiveReader archive;
    private final ArchivePlace place;
    private final Map<Long, Integer> entries;
    private final Map<TableRef, ArchivedTable> figures;

    private ArchivedRows(
            StepContext with,
            Side owner,
            Lsn start,
            ArchiveReader archive,
            ArchivePlace place,
            Map<Long, Integer> entries,
            Map<TableRef, ArchivedTable> figures) {
        this.with = with;
        this.owner = owner;
        this.start = start;
        this.archive = archive;
        this.place = place;
        this.entries = entries;
        this.figures = figures;
    }

    /// Writes the archive and brings the large objects; the caller may let the snapshot go then.
    ///
    /// @param tables what is to be copied
    static ArchivedRows write(
            StepContext with, Side owner, ArchiveTools tools, SnapshotKeeper keeper, List<CopyTable> tables)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        var figures = new HashMap<TableRef, ArchivedTable>();
        tables.forEach(table -> figures.put(table.table(), new ArchivedTable(table)));
        ArchivePlace place;
        try (DbSession source = with.server(owner).open("archive")) {
            ArchiveSessions.end(source, with.plan().id());
            place = ArchivePlace.make(with.plan().archive(), with.plan().id());
        } catch (IOException e) {
            throw new StepFailed(ArchiveProblems.noPlace(String.valueOf(e.getMessage())));
        }
        boolean good = false;
        try {
            dump(with, owner, tools, keeper, place, figures);
            refuseRewritten(with, owner, tables);
            figures.values().forEach(ArchivedTable::archived);
            var reader = new ArchiveReader(tools, place, with.threads());
            var rows =
                    new ArchivedRows(with, owner, keeper.start(), reader, place, reader.tables(with.gate()), figures);
            try (DbSession target = with.server(owner.other()).open("baseline")) {
                new SnapshotRows(with, owner, keeper).copyLargeObjects(target);
            }
            good = true;
            return rows;
        } catch (PgDumpFailure e) {
            if (!keeper.isAlive()) {
                throw new SQLException(e.getMessage(), "08006", e); // the source was lost, and may come back
            }
            throw new StepFailed(ArchiveProblems.unwritten(e));
        } finally {
            if (!good) {
                remove(with, place);
            }
        }
    }

    private static void dump(
            StepContext with,
            Side owner,
            ArchiveTools tools,
            SnapshotKeeper keeper,
            ArchivePlace place,
            Map<TableRef, ArchivedTable> figures)
            throws SQLException, PgDumpFailure, StoppedException, InterruptedException {
        Archive how = with.plan().archive();
        List<TableRef> left;
        try (DbSession source = with.server(owner).open("catalogue")) {
            left = Catalog.tables(source.jdbc()).stream()
                    .filter(info -> !figures.containsKey(info.table()))
                    .sorted(Comparator.comparingLong(TableInfo::bytes).reversed())
                    .map(TableInfo::table)
                    .toList();
        }
        var writer = new ArchiveWriter(
                tools, with.server(owner).endpoint(), with.plan().id(), with.threads());
        var watch = new ArchiveWatch(with, owner, keeper, place, figures.values());
        int jobs = with.plan().workers();
        var pace = new Pace(() -> with.plan().readLimit().bytes(), System::nanoTime);
        try {
            writer.write(how, place, keeper.snapshot(), jobs, left, pace, with.gate(), watch);
        } catch (PgDumpFailure e) {
            if (jobs == 1 || how.format() != Archive.Format.DIRECTORY || !ArchiveWriter.aloneMayHelp(e)) {
                throw e;
            }
            with.note("Somebody waits for a lock on a table that pg_dump reads, so that its workers cannot have theirs:"
                    + " it begins anew with one. " + e.getMessage());
            try {
                place.again();
            } catch (IOException failed) {
                e.addSuppressed(failed);
                throw e;
            }
            writer.write(how, place, keeper.snapshot(), 1, left, pace, with.gate(), watch);
        }
        if (how.kept()) {
            with.note("The archive is kept: " + place.whole());
        }
    }

    private static void refuseRewritten(StepContext with, Side owner, List<CopyTable> tables)
            throws SQLException, StepFailed {
        try (DbSession source = with.server(owner).open("catalogue")) {
            Set<Long> oids = tables.stream().map(CopyTable::oid).collect(Collectors.toSet());
            Map<Long, HeapMark> now = HeapMark.now(source.jdbc(), oids);
            for (CopyTable table : tables) {
                HeapMark mark = now.get(table.oid());
                if (mark == null || table.mark().rewrittenBy(mark)) {
                    throw new StepFailed(rewritten(table.table()));
                }
            }
        }
    }

    /// What cannot be removed is said, and is no reason to fail: the next run tries again.
    private static void remove(StepContext with, ArchivePlace place) {
        try {
            place.close();
        } catch (IOException e) {
            with.note("The temporary archive could not be removed: " + e.getMessage());
        }
    }

    @Override
    public Lsn start() {
        return start;
    }

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public String words() {
        return "Loading the archive";
    }

    @Override
    public PieceCopier copier(Pace pace, int number) {
        return new ArchiveWorker(with, owner, archive, entries, new CopyLedger(start), pace, number);
    }

    /// To begin a `pg_restore` takes longer than to read a small table.
    @Override
    public int batch() {
        return 100;
    }

    @Override
    public TableFigures figures(TableWork work) {
        return figures.computeIfAbsent(work.table().table(), _ -> new ArchivedTable(work.table()))
                .through(work);
    }

    /// They came out of the snapshot, when it was still there.
    @Override
    public void copyLargeObjects(DbSession target) {}

    @Override
    public void close() {
        remove(with, place);
    }

    private static Problem rewritten(TableRef table) {
        return new Problem(
                "table-altered",
                table.display() + " was altered or dropped while it was being copied.",
                "Nothing is lost on the source. The copy was given up, as it may have missed rows of this table.",
                "Leave the schema as it is until the migration is done, then retry.",
                table.display());
    }
}
