package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.ArchiveTools;
import io.handover.pg.CopyCatalog;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopySessions;
import io.handover.pg.CopyTable;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.SnapshotKeeper;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The baseline from its beginning: publication, slot, and all tables out of the slot's snapshot. As long as the
/// snapshot lives, a connection that breaks costs no more than what it was copying, whichever server it led to, and a
/// crash of the target what that had not written down yet.
final class SnapshotCopy {

    private final StepContext with;
    private final Side owner;
    private final Publishing publishing;
    private final Doing doing;
    private final long rangeBytes;
    private final Optional<ArchiveTools> archive;
    private final EarlyIndexes early;
    private boolean begun;

    /// @param rangeBytes from which size on a table is copied by several workers
    /// @param archive    with what rows go through an archive; empty if they do not
    /// @param early      builds indexes beside; begun here, and at work still when `run` returns
    SnapshotCopy(
            StepContext with,
            Side owner,
            Publishing publishing,
            Doing doing,
            long rangeBytes,
            Optional<ArchiveTools> archive,
            EarlyIndexes early) {
        this.early = early;
        this.with = with;
        this.owner = owner;
        this.publishing = publishing;
        this.doing = doing;
        this.rangeBytes = archive.isPresent() ? Long.MAX_VALUE : rangeBytes; // pg_dump cuts no table
        this.archive = archive;
    }

    /// Copies everything; what an earlier baseline left is forgotten first.
    ///
    /// @param slotTry how long one try to make the slot may wait for others' transactions
    void run(Duration slotTry) throws SQLException, InterruptedException, StoppedException, StepFailed {
        doing.now(owner.other(), "forgetting an earlier copy");
        int targetMajor;
        try (DbSession target = with.server(owner.other()).open("baseline")) {
            CopyLedger.clear(target);
            targetMajor = target.major();
        }
        doing.now(owner, "publishing the tables");
        List<TableInfo> tables = publishing.publish();
        doing.now(owner, "creating the slot");
        try (SnapshotKeeper keeper = publishing.slot(slotTry)) {
            with.enter(Stage.COPYING);
            begun = true;
            doing.now(owner, "reading the tables' columns");
            List<CopyTable> found = columns(keeper, tables, targetMajor);
            var comeback = Comeback.ofCopy(with);
            try (RowSource rows = rows(keeper, found)) {
                while (!copied(rows, tables, found, comeback)) {
                    with.progress(-1, "");
                    doing.now(owner.other(), "looking what is copied");
                    emptyUnlogged(tables);
                }
            }
        }
    }

    /// As long as rows are to be read from the source, the snapshot is kept.
    private RowSource rows(SnapshotKeeper keeper, List<CopyTable> found)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        if (archive.isEmpty()) {
            return new SnapshotRows(with, owner, keeper);
        }
        doing.now(owner, "writing the archive");
        var rows = ArchivedRows.write(with, owner, archive.get(), keeper, found);
        try {
            keeper.close();
            return rows;
        } catch (SQLException e) {
            rows.close();
            throw e;
        }
    }

    /// True if this is the first of several waves.
    boolean isOneOfSeveral() {
        return publishing.waves().size() > 1;
    }

    /// True once a table of this copy is on the target for good: its slot is worth keeping.
    boolean hasCopied() {
        return begun && !with.copiedTables().isEmpty();
    }

    /// @return false if a connection broke and the same snapshot can be copied on
    private boolean copied(RowSource rows, List<TableInfo> tables, List<CopyTable> found, Comeback comeback)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        boolean whole = false;
        doing.now(owner.other(), "looking what is copied");
        try (DbSession target = with.server(owner.other()).open("baseline")) {
            var copy = new TableCopy(with, owner, rows, target, found, rangeBytes, publishing.waves(), early);
            early.begin(with, doing, archive.isPresent() || isOneOfSeveral() ? List.of() : logged(tables, found));
            doing.now(owner, "copying the tables");
            copy.run();
            doing.now(owner, "copying the large objects");
            rows.copyLargeObjects(target);
            Durability.flush(target);
            whole = true;
            return true;
        } catch (SQLException e) {
            early.end(); // before anybody looks what is there
            if (!Comeback.helps(e) || !rows.isAlive() || !comeback.after(e)) {
                throw e;
            }
            return false;
        } finally {
            if (!whole) {
                early.end();
            }
        }
    }

    private static List<CopyTable> columns(SnapshotKeeper keeper, List<TableInfo> tables, int targetMajor)
            throws SQLException, StepFailed {
        List<CopyTable> found;
        try (DbSession source = keeper.session("catalogue")) {
            found = CopyCatalog.tables(source.jdbc(), tables, targetMajor);
        }
        var gone = new TreeSet<TableRef>();
        tables.forEach(info -> gone.add(info.table()));
        found.forEach(table -> gone.remove(table.table()));
        if (!gone.isEmpty()) {
            throw new StepFailed(dropped(gone.first()));
        }
        return found;
    }

    /// A crash of the target empties the others.
    private static List<CopyTable> logged(List<TableInfo> tables, List<CopyTable> found) {
        Set<TableRef> unlogged = tables.stream()
                .filter(TableInfo::unlogged)
                .map(TableInfo::table)
                .collect(Collectors.toSet());
        return found.stream().filter(table -> !unlogged.contains(table.table())).toList();
    }

    /// A crash of the target empties them, and keeps the note that they are copied.
    private void emptyUnlogged(List<TableInfo> tables) throws SQLException {
        try (DbSession target = with.server(owner.other()).open("baseline")) {
            CopySessions.end(target, Optional.empty());
            for (TableInfo info : tables) {
                if (info.unlogged()) {
                    CopyLedger.empty(target, info.table());
                }
            }
        }
    }

    private static Problem dropped(TableRef table) {
        return new Problem(
                "table-dropped",
                table.display() + " was dropped or renamed while the baseline began.",
                "Nothing was copied.",
                "Leave the schema as it is until the migration is done, then retry.",
                table.display());
    }
}
