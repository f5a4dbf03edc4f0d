package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Blockers;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Publications;
import io.handover.pg.ServerFacts;
import io.handover.pg.Slots;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import io.handover.pg.TableSync;
import io.handover.pg.TableSyncSlots;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Has the servers synchronise tables, shows how far they are, and tells when they get nowhere. One thread.
final class TableSyncWatch {

    private static final Duration SHOW_EVERY = Duration.ofMillis(250);
    /// So many workers may come and go before one of them has done more than those before.
    private static final int TEAMS = 4;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final StepContext with;
    private final Side owner;
    private final Duration patience;
    private final String name;
    private final Map<TableRef, SyncedTable> tables = new TreeMap<>();
    private final CopyProgressMaker progress;

    /// Those whose turn has come.
    private Set<TableRef> due = Set.of();

    private String words = "The servers copy the remaining tables";
    private Set<Integer> team = Set.of();
    private int teams;
    private int ready = -1;
    private long most;
    private long advanced = System.nanoTime();
    private long lookedAt = System.nanoTime() - LOOK_EVERY.toNanos();
    private String waitsFor = "";
    private long walKept = -1;
    private Duration snapshotAge = Duration.ZERO;
    private int begun;

    /// @param patience how long nothing may advance
    /// @param all      the source's tables
    /// @param kept     those that are copied, with their rows; -1 if not known any more
    TableSyncWatch(
            StepContext with, Side owner, Duration patience, Collection<TableInfo> all, Map<TableRef, Long> kept) {
        this.with = with;
        this.owner = owner;
        this.patience = patience;
        this.name = with.plan().id().subscription(owner);
        for (TableInfo info : all) {
            if (!info.unlogged()) {
                var table = new SyncedTable(info);
                if (kept.containsKey(info.table())) {
                    table.kept(kept.get(info.table()));
                }
                tables.put(info.table(), table);
            }
        }
        this.progress = new CopyProgressMaker(tables.values());
    }

    /// Sees that the subscription runs and knows the tables whose turn has come, and all before.
    ///
    /// @param turn  all of them, those before too
    /// @param doing what is done with them, for people
    /// @param limit how long the target may take to reach the source
    void begin(DbSession target, Set<TableRef> turn, String doing, Duration limit) throws SQLException, StepFailed {
        due = turn;
        words = doing;
        advanced = System.nanoTime();
        teams = 0;
        Set<TableRef> missing = new TreeSet<>(turn);
        missing.add(Publications.FENCE);
        List<TableSync.State> states = TableSync.states(target.jdbc(), name);
        states.forEach(state -> missing.remove(state.table()));
        boolean allReady = missing.isEmpty() && states.stream().allMatch(TableSync.State::ready);
        if (allReady) {
            return;
        }
        if (states.stream().allMatch(state -> state.worker().isEmpty())) {
            refuseWithoutRoom(target); // those that copy already have theirs
        }
        if (Subscriptions.state(target.jdbc(), name) instanceof SubscriptionReading.Present present
                && !present.enabled()) {
            Subscriptions.enable(target, name);
        }
        if (!missing.isEmpty()) {
            TableSync.refresh(target, name, limit);
        }
    }

    /// Watches until every table follows. A pause holds nothing that the servers have been given, and this
    /// does not return while it lasts.
    ///
    /// @param runShort asked whether the servers should be given further tables
    /// @return false if they should, true once all that they have been given follow
    /// @throws StepFailed if the servers get nowhere; they go on trying
    boolean untilReady(DbSession target, Predicate<List<TableSync.State>> runShort)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        var stream = new ApplyWatch(with, owner, patience);
        while (true) {
            List<TableSync.State> states = TableSync.states(target.jdbc(), name);
            note(target, states);
            long now = System.nanoTime();
            if (now - lookedAt >= LOOK_EVERY.toNanos()) {
                lookAtSource();
                lookedAt = System.nanoTime();
            }
            begun = (int) states.stream().filter(state -> !state.ready()).count();
            show();
            boolean held = with.gate().isHeld();
            if (!held && runShort.test(states)) {
                return false;
            }
            boolean all = states.stream().allMatch(TableSync.State::ready)
                    && due.stream().map(tables::get).allMatch(table -> table == null || table.isReady());
            if (all && !held) {
                return true;
            }
            if (all) {
                with.progress(with.shown().fraction(), "");
            } else if (states.stream().allMatch(TableSync.State::copied)) {
                stream.look(target.jdbc()); // what is copied is ready once the stream has come as far
            } else {
                with.progress(with.shown().fraction(), waitsFor);
                if (!advances(states, now)) {
                    throw new StepFailed(nowhere(states));
                }
            }
            with.gate().pause(SHOW_EVERY.toMillis());
        }
    }

    /// Journals tables that have become ready.
    private void note(DbSession target, List<TableSync.State> states) throws SQLException {
        List<SyncedTable> fresh = new ArrayList<>();
        for (TableSync.State state : states) {
            SyncedTable table = tables.get(state.table());
            if (table != null && table.now(state)) {
                fresh.add(table);
            }
        }
        if (!fresh.isEmpty()) {
            Durability.flush(target);
            with.tablesCopied(fresh.stream()
                    .map(table -> new StepContext.Copied(table.progress().table(), table.rowsSeen(), table.bytesSeen()))
                    .toList());
        }
    }

    /// Another table is ready, more bytes are there than ever, or the same workers are still at it: they wait for
    /// somebody then, or read a wide table. New workers again and again, with nothing more than before, are workers
    /// that fail.
    private boolean advances(List<TableSync.State> states, long now) {
        int readyNow = (int) states.stream().filter(TableSync.State::ready).count();
        long bytes = states.stream().mapToLong(TableSync.State::bytes).sum();
        Set<Integer> workers = states.stream()
                .flatMapToInt(state -> state.worker().stream())
                .boxed()
                .collect(Collectors.toSet());
        if (readyNow != ready || bytes > most) {
            advanced = now;
            most = readyNow == ready ? bytes : 0;
            ready = readyNow;
            team = workers;
            teams = 0;
        } else if (!Collections.disjoint(workers, team)) {
            advanced = now;
        } else if (!workers.isEmpty()) {
            team = workers;
            teams++;
        }
        return teams < TEAMS && now - advanced <= patience.toNanos();
    }

    /// Shows how far it is.
    void show() {
        with.show(progress.make(
                with.clock().instant(),
                System.nanoTime(),
                with.gate().isHeld() ? held() : words,
                snapshotAge,
                walKept));
    }

    private String held() {
        return words
                + switch (begun) {
                    case 0 -> ": none is being copied";
                    case 1 -> ": one that they have begun comes to its end";
                    default -> ": " + begun + " that they have begun come to their end";
                };
    }

    private void lookAtSource() {
        try (Connection monitor = with.server(owner).monitor()) {
            walKept = Slots.walKept(monitor, with.plan().id().slot(owner));
            snapshotAge = TableSyncSlots.oldestSnapshot(monitor, name);
            waitsFor = Blockers.of(monitor, TableSyncSlots.senders(monitor, name));
        } catch (SQLException _) {
            walKept = -1; // unknown; the target's workers try again until the source is back
            waitsFor = "the source, which does not answer";
            advanced = System.nanoTime();
        }
    }

    /// Each worker needs a slot of its own on the source for as long as it copies.
    private void refuseWithoutRoom(DbSession target) throws SQLException, StepFailed {
        try (Connection monitor = with.server(owner).monitor()) {
            ServerFacts facts = ServerFacts.read(monitor);
            boolean slots = facts.maxSlots() > facts.usedSlots();
            if (target.major() >= 14 && !slots) {
                throw new StepFailed(noRoom("replication slot", "max_replication_slots"));
            }
            if (facts.maxSenders() <= facts.usedSenders()) {
                throw new StepFailed(noRoom("WAL sender", "max_wal_senders"));
            }
        }
    }

    private static Problem noRoom(String what, String setting) {
        return new Problem(
                "no-room-for-table-sync",
                "The source has no free " + what + " for the tables that are still to be copied.",
                "Nothing is lost on the source.",
                "Free one, or raise " + setting + " and restart the source, then retry.",
                setting);
    }

    private Problem nowhere(List<TableSync.State> states) {
        List<String> open = states.stream()
                .filter(state -> !state.ready())
                .limit(10)
                .map(state -> state.table().display() + " (" + state.state() + ")")
                .toList();
        return new Problem(
                "table-sync-fails",
                "The servers have been trying to copy the remaining tables for " + patience.toSeconds()
                        + " s and get nowhere.",
                "Nothing is lost on the source, and they go on trying.",
                "The target's server log says why: a row it refuses, no connection to the source, no free worker"
                        + " (max_logical_replication_workers, max_sync_workers_per_subscription). Mend it, then retry.",
                String.join(", ", open));
    }
}
