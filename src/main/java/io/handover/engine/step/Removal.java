package io.handover.engine.step;

import io.handover.model.MigrationId;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.DbSession;
import io.handover.pg.FrozenRoles;
import io.handover.pg.HandoverSchema;
import io.handover.pg.Leftovers;
import io.handover.pg.Mark;
import io.handover.pg.Publications;
import io.handover.pg.ReadOnlyDefault;
import io.handover.pg.ReplicaIdentities;
import io.handover.pg.SchemaClaim;
import io.handover.pg.SlotMaker;
import io.handover.pg.SqlFailure;
import io.handover.pg.Subscriptions;
import io.handover.pg.TableSyncSlots;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes Handover's own objects off both servers, in the order that never leaves a slot without a follower that could
/// still come: subscriptions on both sides, then slots, then publications, then the schema. Each act looks first, so
/// that it can be done again after a crash.
final class Removal {

    private static final Duration SLOT = Duration.ofSeconds(30);

    private final StepContext with;
    private final MigrationId id;

    Removal(StepContext with) {
        this.with = with;
        this.id = with.plan().id();
    }

    /// What is done on one server between its publications and its schema.
    @FunctionalInterface
    interface Last {
        /// Does it.
        void run(DbSession session) throws SQLException, InterruptedException;
    }

    /// Removes everything, or says what is left.
    ///
    /// @param last done on each side before the schema with its records goes
    StepOutcome run(Last last) throws InterruptedException {
        Side busy = Side.SOURCE;
        try (DbSession source = with.server(Side.SOURCE).open("remove")) {
            busy = Side.TARGET;
            try (DbSession target = with.server(Side.TARGET).open("remove")) {
                var both = List.of(source, target);
                for (DbSession session : both) {
                    busy = session.side();
                    DbSession owner = session == source ? target : source;
                    TableSyncSlots.dropSubscription(owner, session, id.subscription(owner.side()));
                }
                for (DbSession session : both) {
                    busy = session.side();
                    SlotMaker.drop(session, id.slot(session.side()), SLOT);
                    Publications.drop(session, id.publication(session.side()));
                }
                for (DbSession session : both) {
                    busy = session.side();
                    if (isOurs(session)) {
                        last.run(session);
                    }
                }
                for (DbSession session : both) {
                    busy = session.side();
                    HandoverSchema.drop(session, id);
                }
                return ended(left(both));
            }
        } catch (SQLException e) {
            with.leftovers(leftAfterFailure());
            return new StepOutcome.Failed(Problems.of(e, busy, "Handover's objects were being removed there"));
        }
    }

    /// Removes what is on one server while the other cannot be reached, and says what is left there. Its slots keep
    /// nothing there any more, and nobody waits for the other server.
    ///
    /// @param there the server that answers
    /// @param why   what the other one said
    StepOutcome alone(Side there, SQLException why) throws InterruptedException {
        Side missing = there.other();
        try (DbSession session = with.server(there).open("remove")) {
            Subscriptions.drop(session, id.subscription(missing)); // without its slot, which is over there
            SlotMaker.drop(session, id.slot(there), SLOT);
            Publications.drop(session, id.publication(there));
            if (isOurs(session)) {
                if (there == Side.SOURCE) {
                    ReplicaIdentities.putBack(session);
                }
                writable(session);
                HandoverSchema.drop(session, id);
            }
            var left = new ArrayList<>(left(List.of(session)));
            left.add(notAsked(missing, why));
            with.leftovers(left);
            return new StepOutcome.Failed(new Problem(
                    "half-removed",
                    "Everything is removed from the " + there.word() + ", but the " + missing.word()
                            + " could not be reached.",
                    "The data is complete on its owner. On the " + missing.word()
                            + " a slot may be left that keeps its log and fills its disk.",
                    "Retry when it runs again. If it is gone for good, nothing more is to be done.",
                    SqlFailure.state(why) + " " + why.getMessage()));
        } catch (SQLException e) {
            with.leftovers(leftAfterFailure());
            return new StepOutcome.Failed(Problems.of(e, there, "Handover's objects were being removed there"));
        }
    }

    /// What is remembered there is this migration's: what another one remembers, this one must not put back.
    private boolean isOurs(DbSession session) throws SQLException {
        return SchemaClaim.isOf(session.jdbc(), id);
    }

    private String notAsked(Side side, SQLException why) {
        return "-- the " + side.word() + " could not be asked (" + why.getSQLState()
                + "); look there for names that begin with handover_" + id;
    }

    private StepOutcome ended(List<String> left) {
        with.leftovers(left);
        if (!left.isEmpty()) {
            return new StepOutcome.Failed(new Problem(
                    "leftovers",
                    left.size() + " objects of Handover could not be removed.",
                    "The data is complete on its owner; a forgotten slot would keep the log and fill the disk.",
                    "Retry, or run the SQL that is listed.",
                    String.join("\n", left)));
        }
        with.enter(Stage.FINISHED);
        return new StepOutcome.Done();
    }

    private List<String> left(List<DbSession> both) throws SQLException {
        var all = new ArrayList<String>();
        for (DbSession session : both) {
            for (String sql : Leftovers.find(session.jdbc(), id)) {
                all.add("-- on the " + session.side().word() + "\n" + sql + ";"); // run as they stand
            }
        }
        if (both.size() == 2) {
            for (String slot : TableSyncSlots.orphans(
                    both.getFirst().jdbc(), both.getLast().jdbc())) {
                all.add("-- on the " + Side.SOURCE.word() + "\nselect pg_drop_replication_slot('" + slot + "');");
            }
        }
        return all;
    }

    /// As much as can be known when a server failed in between: one that cannot be asked is named as such.
    private List<String> leftAfterFailure() {
        var all = new ArrayList<String>();
        for (Side side : Side.values()) {
            try (DbSession session = with.server(side).open("look")) {
                all.addAll(left(List.of(session)));
            } catch (SQLException e) {
                all.add(notAsked(side, e));
            }
        }
        return all;
    }

    /// Puts a database's read-only default back to what it was before a cutover set it, and that of roles.
    ///
    /// @return true if it had been set
    static boolean writable(DbSession session) throws SQLException {
        Optional<Mark> mark = Mark.read(session.jdbc());
        boolean roles = FrozenRoles.putBack(session) > 0;
        if (mark.isEmpty()
                || ReadOnlyDefault.ofDatabase(session.jdbc()).equals(mark.get().readOnlyBefore())) {
            return roles;
        }
        boolean ours =
                mark.get().state() == Mark.State.HANDED_OVER || mark.get().owner() != session.side();
        if (ours) {
            ReadOnlyDefault.putBack(session, mark.get().readOnlyBefore());
        }
        return ours || roles;
    }

    /// Puts replica identities back that a fix changed on the source, and the copies of them on the target.
    static void identities(StepContext with) throws SQLException {
        try (DbSession source = with.server(Side.SOURCE).open("identities");
                DbSession target = with.server(Side.TARGET).open("identities")) {
            ReplicaIdentities.putBackCopies(source.jdbc(), target);
            ReplicaIdentities.putBack(source);
        }
    }
}
