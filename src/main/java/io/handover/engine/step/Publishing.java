package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.HandoverSchema;
import io.handover.pg.Publications;
import io.handover.pg.ReadableSlot;
import io.handover.pg.Server;
import io.handover.pg.SlotMaker;
import io.handover.pg.SlotSnapshot;
import io.handover.pg.SnapshotKeeper;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// The first half of the baseline: a publication, then a slot, and the snapshot that fits both.
///
/// The publication comes first, since a stream that meets a change from before its publication fails for
/// good.
final class Publishing {

    /// The word of the journal's lines about the slot.
    static final String CREATE_SLOT = "create-slot";

    private final StepContext with;
    private final Server owner;
    private final String publication;
    private final String slot;
    private final SlotMaker slots;
    private List<Waves.Wave> waves = List.of();

    Publishing(StepContext with, Side owner) {
        this.with = with;
        this.owner = with.server(owner);
        this.publication = with.plan().id().publication(owner);
        this.slot = with.plan().id().slot(owner);
        this.slots = new SlotMaker(this.owner, with.threads());
    }

    /// Makes the publication of all tables in scope whose changes are in the log.
    ///
    /// Of several waves the first only; the publication gains the others when their turn comes.
    ///
    /// @return the tables of the first wave; without others all in scope, unlogged ones too, of 0 bytes each
    List<TableInfo> publish() throws SQLException, InterruptedException, StoppedException, StepFailed {
        slots.drop(slot); // of an interrupted run; before the publication it reads from
        try (DbSession session = owner.open("publication")) {
            HandoverSchema.create(session, with.plan().id());
            // of one wave the copy itself measures them, and by the snapshot
            List<TableInfo> tables = with.plan().waves().equals(Waves.ONE)
                    ? inScope(Catalog.unmeasured(session.jdbc()))
                    : tables(session);
            waves = with.plan().waves().of(tables);
            // an interruption may take days, and sizes change: what was planned is kept to
            with.divided(
                    waves.size() > 1
                            ? waves.stream()
                                    .map(wave -> List.copyOf(wave.names()))
                                    .toList()
                            : List.of());
            for (Waves.Wave wave : waves) {
                refuseWithoutIdentity(session, wave.names()); // not only when its turn comes, in the night
            }
            Set<TableRef> logged = waves.isEmpty() ? Set.of() : waves.getFirst().names();
            new WatchedWork(with, owner).run(session, s -> {
                Publications.drop(s, publication);
                Publications.make(s, publication, logged, s.major()); // a target is never older
            });
            return waves.size() > 1 ? waves.getFirst().tables() : tables;
        }
    }

    /// How `publish` has divided the tables; what it has published is the first.
    List<Waves.Wave> waves() {
        return waves;
    }

    /// All tables in scope, unlogged ones too.
    List<TableInfo> tables(DbSession session) throws SQLException {
        return inScope(Catalog.tables(session.jdbc()));
    }

    /// Makes the publication that is there one of exactly `tables` and the fence.
    void change(Collection<TableRef> tables) throws SQLException, InterruptedException, StoppedException, StepFailed {
        try (DbSession session = owner.open("publication")) {
            refuseWithoutIdentity(session, tables);
            new WatchedWork(with, owner).run(session, s -> Publications.make(s, publication, tables, s.major()));
        }
    }

    /// Makes the slot, waiting as long as the user lets it.
    ///
    /// @param once how long one try may wait for others' transactions
    /// @return the snapshot of exactly what the slot does not stream
    SnapshotKeeper slot(Duration once) throws SQLException, InterruptedException, StoppedException {
        with.intent(CREATE_SLOT, slot);
        try (SlotSnapshot made =
                new ReadableSlot(owner, slots).make(slot, publication, once, with.gate(), this::waitsFor)) {
            SnapshotKeeper keeper = SnapshotKeeper.of(owner, made);
            try {
                with.outcome(CREATE_SLOT, true, slot + " from " + made.start());
                return keeper;
            } catch (StepContext.JournalBroken e) {
                keeper.close(); // or it would hold the source's vacuum back until the app ends
                throw e;
            }
        } catch (SQLException | StoppedException e) {
            with.outcome(CREATE_SLOT, false, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /// Takes slot and publication away again, so that a baseline that came to nothing keeps no WAL.
    void undo() throws SQLException, InterruptedException {
        slots.drop(slot);
        try (DbSession session = owner.open("publication")) {
            Publications.drop(session, publication);
        }
    }

    private List<TableInfo> inScope(List<TableInfo> tables) {
        return tables.stream().filter(this::inScope).toList();
    }

    private boolean inScope(TableInfo info) {
        return with.plan().scope().includes(info.table()) && with.plan().scope().includes(info.root());
    }

    private void waitsFor(String who) {
        with.progress(-1, who.isEmpty() ? "" : "the end of write transactions: " + who);
    }

    private static void refuseWithoutIdentity(DbSession session, Collection<TableRef> tables)
            throws SQLException, StepFailed {
        Set<TableRef> anonymous = Publications.withoutIdentity(session.jdbc(), tables);
        if (!anonymous.isEmpty()) {
            throw new StepFailed(withoutIdentity(anonymous));
        }
    }

    private static Problem withoutIdentity(Set<TableRef> tables) {
        String names = String.join(
                ", ", tables.stream().limit(10).map(TableRef::display).toList());
        return new Problem(
                "no-replica-identity",
                tables.size() + (tables.size() == 1 ? " table has" : " tables have") + " no replica identity.",
                "Nothing was published: UPDATE and DELETE on them would have failed for the application.",
                "Give each a primary key or a REPLICA IDENTITY, or leave it out of the scope; then retry.",
                tables.size() > 10 ? names + " …" : names);
    }
}
