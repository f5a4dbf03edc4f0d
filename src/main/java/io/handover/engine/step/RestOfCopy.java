package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.CopyMethod;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.BuildSessions;
import io.handover.pg.Catalog;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopySessions;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.LargeObjects;
import io.handover.pg.SlotCatalog;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import io.handover.pg.TableSync;
import io.handover.pg.UnloggedTables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A baseline whose snapshot is gone, carried on: the tables that are copied whole stay as they are and follow the
/// slot at once, the others are brought by PostgreSQL's own table synchronisation. See `package-info`. A copy from
/// server to server is the same with nothing copied before.
///
/// Each act looks first what is there, so that it can itself be broken off anywhere.
final class RestOfCopy {

    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final StepContext with;
    private final Side owner;
    private final Publishing publishing;
    private final Doing doing;
    private final Duration patience;
    private final long portion;
    private final Map<TableRef, Long> kept;
    private final boolean subscribed;

    private RestOfCopy(
            StepContext with,
            Side owner,
            Publishing publishing,
            Doing doing,
            Duration patience,
            long portion,
            Map<TableRef, Long> kept,
            boolean subscribed) {
        this.with = with;
        this.owner = owner;
        this.publishing = publishing;
        this.doing = doing;
        this.patience = patience;
        this.portion = portion;
        this.kept = kept;
        this.subscribed = subscribed;
    }

    /// Looks whether there is something to carry on.
    ///
    /// @param patience how long the servers may get nowhere before that is a failure
    /// @param portion  see `Portions`
    /// @return empty if the baseline has to begin anew: nothing is copied whole, or the slot that would bring
    ///         what was written meanwhile is gone
    static Optional<RestOfCopy> find(
            StepContext with, Side owner, Publishing publishing, Doing doing, Duration patience, long portion)
            throws SQLException {
        SlotReading slot;
        doing.now(owner, "looking for the slot of the copy");
        try (DbSession source = with.server(owner).open("look")) {
            slot = new SlotCatalog().lag(source.jdbc(), with.plan().id().slot(owner));
        }
        doing.now(owner.other(), "looking what is copied");
        try (DbSession target = with.server(owner.other()).open("look")) {
            String name = with.plan().id().subscription(owner);
            boolean subscribed = Subscriptions.state(target.jdbc(), name) instanceof SubscriptionReading.Present;
            if (!(slot instanceof SlotReading.Live(var lag))) {
                if (subscribed || !with.copiedTables().isEmpty()) {
                    with.note("The copy begins anew with all tables: the replication slot "
                            + with.plan().id().slot(owner) + " is gone or has lost what was written since.");
                }
                return Optional.empty();
            }
            Map<TableRef, Long> kept = new TreeMap<>();
            if (subscribed) {
                TableSync.states(target.jdbc(), name).stream()
                        .filter(TableSync.State::ready)
                        .forEach(state -> kept.put(state.table(), -1L));
            } else {
                // a slot that has been read from does not begin any more where the copy was taken
                kept.putAll(new CopyLedger(lag.confirmed()).finished(target.jdbc()));
                Durability.flush(target);
            }
            return subscribed || !kept.isEmpty()
                    ? Optional.of(new RestOfCopy(with, owner, publishing, doing, patience, portion, kept, subscribed))
                    : Optional.empty();
        }
    }

    /// All of a baseline that the servers are to bring by themselves: a slot, and nothing copied yet.
    ///
    /// @param slotTry how long one try to make the slot may wait for others' transactions
    static RestOfCopy ofNothing(
            StepContext with, Side owner, Publishing publishing, Doing doing, Duration patience, Duration slotTry)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        doing.now(owner.other(), "forgetting an earlier copy");
        try (DbSession target = with.server(owner.other()).open("baseline")) {
            CopyLedger.clear(target);
        }
        doing.now(owner, "publishing the tables");
        publishing.publish();
        doing.now(owner, "creating the slot");
        publishing.slot(slotTry).close(); // each table is copied from a snapshot of its own
        return new RestOfCopy(with, owner, publishing, doing, patience, Portions.BYTES, new TreeMap<>(), false);
    }

    /// Brings what is missing.
    void run() throws SQLException, InterruptedException, StoppedException, StepFailed {
        try (DbSession target = with.server(owner.other()).open("baseline")) {
            doing.now(owner, "reading the tables");
            List<TableInfo> tables = tables(target);
            var wanted = new TreeSet<TableRef>();
            tables.stream().filter(info -> !info.unlogged()).forEach(info -> wanted.add(info.table()));
            kept.keySet().retainAll(wanted);
            with.enter(Stage.COPYING);
            with.tablesKept(kept.keySet());
            with.note(
                    kept.isEmpty()
                            ? "The servers copy all " + wanted.size() + " tables by themselves."
                            : kept.size() + " of " + wanted.size()
                                    + " tables are copied and stay as they are; the servers bring the others by"
                                    + " themselves.");
            var watch = new TableSyncWatch(with, owner, patience, tables, kept);
            watch.show();
            if (!subscribed) {
                followWhatIsCopied(target, wanted);
            }
            bring(target, tables, wanted, watch);
            doing.now(owner.other(), "pausing the stream");
            pause(target);
        }
        doing.now(owner, "copying what is not streamed");
        copyUnstreamed();
    }

    /// One wave after the other, each once the one before follows the stream: what one of them takes from the
    /// source's vacuum it has given back then. What an earlier run has begun is not given again.
    private void bring(DbSession target, List<TableInfo> tables, Set<TableRef> wanted, TableSyncWatch watch)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        Set<TableRef> turn = new TreeSet<>(kept.keySet());
        TableSync.states(target.jdbc(), with.plan().id().subscription(owner)).stream()
                .map(TableSync.State::table)
                .filter(wanted::contains)
                .forEach(turn::add);
        List<Waves.Wave> waves = with.plan().waves().asDivided(with.division()).of(tables);
        for (int i = 0; i < waves.size(); i++) {
            boolean isOpen = !kept.keySet().containsAll(waves.get(i).names());
            if (isOpen || i == waves.size() - 1) {
                List<TableInfo> rest = waves.get(i).tables().stream()
                        .filter(info -> !turn.contains(info.table()))
                        .toList();
                String words = waves.size() == 1
                        ? "The servers copy the remaining tables"
                        : "The servers copy tables, wave " + (i + 1) + " of " + waves.size();
                bring(target, turn, new Portions(rest, TableSync.workers(target.jdbc()), portion), words, watch);
                if (waves.size() > 1) {
                    with.note("Wave " + (i + 1) + " of " + waves.size() + " is copied and follows the source.");
                }
            }
        }
    }

    /// From server to server a wave is given to the servers whole, as they are to go on without this program.
    private void bring(DbSession target, Set<TableRef> turn, Portions portions, String words, TableSyncWatch watch)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        String name = with.plan().id().subscription(owner);
        do {
            with.gate().pass();
            turn.addAll(
                    with.plan().copyMethod() == CopyMethod.SERVER_TO_SERVER
                            ? portions.all()
                            : portions.next(TableSync.states(target.jdbc(), name)));
            doing.now(owner, "publishing the other tables");
            publishing.change(turn);
            doing.now(owner.other(), "having the other tables copied");
            watch.begin(target, turn, words, CONNECT);
        } while (!watch.untilReady(target, portions::runShort) || !portions.isEmpty());
    }

    /// Those on both sides: what came to the source since the schema was made is no part of the migration.
    private List<TableInfo> tables(DbSession target) throws SQLException {
        var there =
                Catalog.unmeasured(target.jdbc()).stream().map(TableInfo::table).collect(Collectors.toSet());
        try (DbSession source = with.server(owner).open("catalogue")) {
            return publishing.tables(source).stream()
                    .filter(info -> there.contains(info.table()))
                    .toList();
        }
    }

    private void followWhatIsCopied(DbSession target, Collection<TableRef> wanted)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        var rest = new TreeSet<>(wanted);
        rest.removeAll(kept.keySet());
        doing.now(owner.other(), "emptying tables that are not copied whole");
        CopySessions.end(target, Optional.empty());
        BuildSessions.end(target, List.of());
        for (TableRef table : rest) {
            with.gate().pass();
            CopyLedger.empty(target, table);
        }
        doing.now(owner, "publishing the tables that are copied");
        publishing.change(kept.keySet());
        doing.now(owner.other(), "building keys");
        IndexRun.keys(with);
        doing.now(owner.other(), "subscribing");
        Subscribing.create(with, owner, target);
    }

    /// Indexes and constraints are built without an apply worker that would have to wait for them, or they
    /// for it; the slot keeps what is written meanwhile, as after any other copy.
    private void pause(DbSession target) throws SQLException, InterruptedException {
        String name = with.plan().id().subscription(owner);
        Subscriptions.disable(target, name);
        try (DbSession source = with.server(owner).open("look")) {
            // a worker that is at a long transaction ends after it, and whoever needs its locks waits so long
            var _ = Subscriptions.awaitIdle(
                    target.jdbc(), name, source.jdbc(), with.plan().id().slot(owner), IDLE);
        }
    }

    /// As they are now; like after any other copy they are copied again at the cutover.
    private void copyUnstreamed() throws SQLException, InterruptedException, StoppedException {
        try (DbSession source = with.server(owner).open("baseline");
                DbSession target = with.server(owner.other()).open("baseline")) {
            UnloggedTables.prepare(source, target, with.plan().scope()).copyAgain(with.gate());
            LargeObjects.sync(source, target, with.gate());
        }
    }
}
