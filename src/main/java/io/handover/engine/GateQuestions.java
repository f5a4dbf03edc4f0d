package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.closedFor;
import static io.handover.engine.Gates.open;

import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.LagView;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.pg.LateObjects;
import io.handover.pg.ReadOnlyDefault;
import io.handover.pg.SchemaFacts;
import io.handover.pg.ServerFacts;
import io.handover.pg.Sessions;
import io.handover.pg.SqlNames;
import io.handover.pg.Subscriptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The conditions of one cutover, asked of the stream and of both servers, once; what the last comparison has to say
/// is in `ComparisonGates`, what became of it since in `SchemaGate`, `AlteredGate` and `StreamGate`, what is asked
/// about the tables in `TableGates`.
///
/// # Which of them can be overridden
///
/// One that costs time or comfort can; one that guards a row cannot, whoever says so:
///
/// - `lag`: no. Not read, missing or lost, it is unknown whether the rows are there at all. Merely behind would cost
///   a long pause only, but the fence would be late and undo it: waiting gets there sooner.
/// - `verified`: never compared, rows that differ, rows left open that nobody knows any more: no, that is what a
///   cutover must not carry over. The age of a comparison that passed: yes.
/// - `same-schema`: yes. Indexes, defaults, triggers and the like hold no rows. What would cost rows is guarded
///   elsewhere too: columns and tables by `no-drift`, sequences and replica identities by the cutover itself.
/// - `tables-ready`, `no-drift`: no. Rows of a table that does not follow, or is not there, would stay behind.
/// - `unaltered`: no. What altering a table did to its rows is in no stream.
/// - `unbroken`: no. What a stream that was tampered with has left out, nobody knows.
/// - `no-prepared`: no. It may be committed on the old owner at any later time, and the cutover refuses it anyway.
/// - `no-long-transaction`: yes. Writers are held up in short tries while it lasts, or it is rolled back, by the
///   plan's freeze; past the deadline everything is undone.
/// - `freeze-roles`: no. Writes that nothing holds back would be lost, or the freeze fails.
/// - `no-other-feed`, `no-writable-role`: no. They write on the old owner although it is read-only.
/// - `way-back`: no. Without it a roll back would lose everything written since, and the cutover cannot go on at
///   all: the slot for the way back must be there before the first write on the new owner.
/// - `no-late-objects`, of a roll back after a freeze by role: no. A person must look at what was made there.
/// - `rights`: no. Writes could not be stopped, and what cannot be stopped is lost.
/// - `servers-answer`: no. What was not read is not known to hold.
///
/// @param plan  what was planned
/// @param owner the side that would hand over
/// @param lag   the newest look at the stream
/// @param now   this machine's clock
record GateQuestions(Plan plan, Side owner, LagView lag, Instant now) {

    private static final long LAG_BYTES = 32L * 1024 * 1024;
    private static final long FEW_BYTES = 1024 * 1024;
    private static final double LAG_SECONDS = 5;
    private static final Duration STALE = Duration.ofSeconds(10);
    private static final int LONG_SECONDS = 5;
    private static final String BEHIND = "Rows that have not arrived would be missing, or the fence would be late.";

    /// The target keeps up, by a fresh reading.
    GateReading keepsUp() {
        String title = "The " + owner.other().word() + " keeps up";
        if (lag.owner() != owner || lag.staleAt(now, STALE)) {
            return closed(
                    "lag",
                    title,
                    "not read in the last " + STALE.toSeconds() + " s",
                    "Wait for a reading. If none comes, see that both servers answer.",
                    BEHIND);
        }
        return switch (lag.reading()) {
            case SlotReading.Live(var slot) -> {
                String detail = behind(slot.bytesBehind())
                        + (lag.secondsBehind() < 0 ? "" : ", %.1f s".formatted(lag.secondsBehind()));
                // Right after the stream began its age is not known yet; then the bytes, which are, must be next to
                // none.
                boolean young =
                        lag.secondsBehind() < 0 ? slot.bytesBehind() <= FEW_BYTES : lag.secondsBehind() <= LAG_SECONDS;
                boolean small = slot.active() && slot.bytesBehind() <= LAG_BYTES && young;
                yield small
                        ? open("lag", title, detail)
                        : closed(
                                "lag",
                                title,
                                slot.active() ? detail : unread(lag.applyProblem()),
                                slot.active()
                                        ? "Wait until it has caught up; the Replicate page shows when."
                                        : "Wait a few seconds. If nobody reads it then, the server log of the "
                                                + owner.other().word() + " says why.",
                                BEHIND);
            }
            case SlotReading.Missing(String slot) ->
                closed("lag", title, "the slot " + slot + " is missing", afresh(), BEHIND);
            case SlotReading.Lost(String slot) ->
                closed("lag", title, "the slot " + slot + " is lost", afresh(), BEHIND);
            case SlotReading.Unreachable(Instant _, String reason) ->
                closed("lag", title, "not known: " + reason, "See that the server answers.", BEHIND);
        };
    }

    /// What to do where the stream cannot go on any more.
    private String afresh() {
        return owner == Side.SOURCE
                ? "Discard and start again."
                : "There is no way back any more: keep the data on the target, and retire.";
    }

    private static String unread(String problem) {
        return "nobody reads the slot; "
                + (problem.isEmpty() ? "the worker of the subscription is starting, it seems" : problem);
    }

    /// Everything that the two servers have to say.
    List<GateReading> ofServers(Connection from, Connection to) throws SQLException {
        var gates = new ArrayList<GateReading>();
        ServerFacts here = ServerFacts.read(from);
        ServerFacts there = ServerFacts.read(to);
        gates.addAll(new TableGates(plan, owner, afresh()).all(from, to));
        gates.add(prepared(from));
        gates.add(longTransactions(from));
        gates.add(feeds(from));
        if (plan.freeze() == FreezeMethod.NAMED_ROLES) {
            gates.add(RoleGates.of(plan, owner, from)); // the database has no read-only default then
        } else {
            gates.add(roles(from));
        }
        gates.add(wayBack(here, there));
        if (LateObjects.possible(to)) {
            gates.add(lateObjects(from, to));
        }
        gates.add(rights(here));
        return gates;
    }

    /// A rough sum: what is behind at the present rate, and the fixed part.
    Duration predictedPause() {
        if (!(lag.reading() instanceof SlotReading.Live(var slot))) {
            return Duration.ZERO;
        }
        double drain = lag.applyPerSecond() > 0 ? slot.bytesBehind() / lag.applyPerSecond() : 0;
        return Duration.ofMillis(Math.round(100 + Math.min(drain, 600) * 1000));
    }

    private static String behind(long bytes) {
        return (bytes < 1024 ? bytes + " bytes" : bytes / 1024 + " kB") + " behind";
    }

    private GateReading prepared(Connection from) throws SQLException {
        List<String> prepared = Sessions.prepared(from);
        String title = "No prepared transaction";
        return prepared.isEmpty()
                ? open("no-prepared", title, "none")
                : closed(
                        "no-prepared",
                        title,
                        String.join(", ", prepared),
                        "Have its transaction manager end it. By hand, on the "
                                + owner.word()
                                + ", as its application wants it: commit prepared '…' or rollback prepared '…'.",
                        "It may be committed on the " + owner.word() + " after the cutover, where nobody sees it.");
    }

    private GateReading longTransactions(Connection from) throws SQLException {
        var holders = SchemaFacts.longTransactions(from, LONG_SECONDS);
        String title = "No write transaction older than " + LONG_SECONDS + " s";
        return holders.isEmpty()
                ? open("no-long-transaction", title, "none")
                : closedFor(
                        "no-long-transaction",
                        title,
                        holders.stream()
                                .limit(3)
                                .map(h -> h.what() + ", " + h.seconds() + " s")
                                .collect(Collectors.joining("; ")),
                        "The freeze would wait for it: let it end, or end it on the " + owner.word()
                                + ": select pg_terminate_backend(pid).",
                        switch (plan.freeze()) {
                            case LOCK_TABLES ->
                                "Writers are held up in short tries while it lasts; past the deadline everything is"
                                        + " undone.";
                            case END_SESSIONS ->
                                "It is ended: what it has done so far is rolled back, and nobody but its application"
                                        + " can do it again.";
                            case NAMED_ROLES ->
                                "It is ended if its role is named: what it has done so far is rolled back. Otherwise the"
                                        + " locks wait for it, and the cutover is undone if it lasts.";
                        },
                        owner.word() + ", " + plan.freeze() + ": "
                                + holders.stream()
                                        .map(h -> h.what() + " since " + h.since())
                                        .sorted()
                                        .collect(Collectors.joining("; ")));
    }

    /// Apply workers heed neither a read-only default nor an ordinary trigger: their rows would go on
    /// to the old owner.
    private GateReading feeds(Connection from) throws SQLException {
        List<String> others = Subscriptions.others(
                from, List.of(plan.id().subscription(Side.SOURCE), plan.id().subscription(Side.TARGET)));
        String title = "No other subscription feeds the " + owner.word();
        return others.isEmpty()
                ? open("no-other-feed", title, "none is enabled")
                : closed(
                        "no-other-feed",
                        title,
                        String.join(", ", others) + ": what it brings after the cutover would be missing on the "
                                + owner.other().word(),
                        others.stream()
                                        .map(name -> "alter subscription " + SqlNames.quoted(name) + " disable;")
                                        .collect(Collectors.joining(" "))
                                + " and let the " + owner.other().word() + " subscribe afterwards.",
                        "What it brings would be lost.");
    }

    /// The read-only default of the freeze does not hold for them.
    private GateReading roles(Connection from) throws SQLException {
        List<String> roles = ReadOnlyDefault.rolesWithTheirOwn(from);
        String title = "No role is exempt from the database's read-only default";
        return roles.isEmpty()
                ? open("no-writable-role", title, "none has a setting of its own")
                : closed(
                        "no-writable-role",
                        title,
                        "set to off for " + String.join(", ", roles)
                                + ": its sessions would not see that they are on the old server",
                        roles.stream()
                                .map(role -> "alter role " + SqlNames.quoted(role)
                                        + " reset default_transaction_read_only; alter role " + SqlNames.quoted(role)
                                        + " in database "
                                        + SqlNames.quoted(plan.profile(owner).database())
                                        + " reset default_transaction_read_only;")
                                .collect(Collectors.joining(" ")),
                        "What its sessions still write there would be lost.");
    }

    private GateReading wayBack(ServerFacts here, ServerFacts there) {
        String title = "The way back is ready";
        var lacking = new ArrayList<String>();
        if (!there.walLevel().equals("logical") && there.major() < 19) {
            lacking.add("wal_level is " + there.walLevel() + " on the "
                    + owner.other().word());
        }
        if (there.maxSlots() - there.usedSlots() < 1) {
            lacking.add("no free replication slot on the " + owner.other().word());
        }
        if (there.maxSenders() - there.usedSenders() < 1) {
            lacking.add("no free WAL sender on the " + owner.other().word());
        }
        if (here.maxLogicalWorkers() - here.usedLogicalWorkers() < 1) {
            lacking.add("no free logical replication worker on the " + owner.word());
        }
        return lacking.isEmpty()
                ? open("way-back", title, "slot, sender and worker are free")
                : closed(
                        "way-back",
                        title,
                        String.join("; ", lacking),
                        "Set wal_level = logical there, or raise max_replication_slots, max_wal_senders or"
                                + " max_logical_replication_workers (with max_worker_processes), whichever is named,"
                                + " and restart that server.",
                        "A roll back would lose everything written since, and the cutover itself needs the slot.");
    }

    /// What a role that a freeze by role did not name has made on the old owner since: nothing refuses it there.
    private GateReading lateObjects(Connection from, Connection to) throws SQLException {
        List<String> objects = LateObjects.read(to, from);
        String old = owner.other().word();
        String title = "No large object was made on the " + old + " since it was handed over";
        return objects.isEmpty()
                ? open("no-late-objects", title, "none")
                : closed(
                        "no-late-objects",
                        title,
                        objects.stream().limit(5).collect(Collectors.joining(", "))
                                + (objects.size() > 5 ? " and more" : "") + ": on the " + old + " alone",
                        "Bring over what is needed, by hand: select lo_get(number) on the " + old
                                + ", select lo_from_bytea(number, content) on the " + owner.word()
                                + ". What is not needed, on the " + old + ": " + LateObjects.removal(objects),
                        "Nobody would know any more that they were made there in the meantime.");
    }

    private GateReading rights(ServerFacts here) {
        String title = "Writes can be stopped";
        boolean may = here.ownsDatabase() || here.superuser();
        return may && here.canSignal()
                ? open("rights", title, here.role() + " owns the database and may end sessions")
                : closed(
                        "rights",
                        title,
                        here.role() + (may ? " may not end other sessions" : " does not own the database"),
                        may
                                ? "On the " + owner.word() + ": grant pg_signal_backend to "
                                        + SqlNames.quoted(here.role()) + "."
                                : "On the " + owner.word() + ": alter database "
                                        + SqlNames.quoted(plan.profile(owner).database()) + " owner to "
                                        + SqlNames.quoted(here.role()) + ".",
                        "What is written on the " + owner.word() + " after the cutover would be lost.");
    }
}
