package io.handover.engine.cutover;

import io.handover.flow.Patience;
import io.handover.model.Problem;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import io.handover.pg.ConnectionString;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Fence;
import io.handover.pg.LateChanges;
import io.handover.pg.LateObjects;
import io.handover.pg.Publications;
import io.handover.pg.SlotMaker;
import io.handover.pg.Slots;
import io.handover.pg.SqlFailure;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import io.handover.pg.WriteGuard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Turns the stream round: the old one goes, the old owner follows the new. Each act can be done again.
final class WayBack {

    private static final Duration REACH = Duration.ofSeconds(30);
    private static final Duration ARRIVE = Duration.ofSeconds(30);
    private static final Duration SLOT = Duration.ofSeconds(10);

    private final Attempt attempt;
    private Optional<Problem> late = Optional.empty();
    private List<String> objects = List.of();

    WayBack(Attempt attempt) {
        this.attempt = attempt;
    }

    /// Reads the old owner's log once more, to the end: nothing may have been committed there after the fence.
    ///
    /// @return what was, and with it that its slot must stay; empty if nothing was, or if it cannot be told
    Optional<Problem> late() throws InterruptedException {
        try {
            attempt.act("Old owner's log read to its end", "reading the old owner's log", attempt.from, this::readLog);
        } catch (Setback e) {
            attempt.note("Whether anything was committed on the " + attempt.from.word()
                    + " after the fence could not be read from its log: "
                    + e.problem().details());
        }
        late.ifPresent(problem -> attempt.note("ATTENTION: " + problem.what() + " " + problem.details()));
        return late;
    }

    /// Looks for large objects that were made on the old owner since, after a freeze by role. What is made still later
    /// closes a gate of the roll back, and is told by retire.
    ///
    /// @param rows what `late` found
    /// @return all that a person must decide about
    Optional<Problem> lateObjects(Optional<Problem> rows) throws InterruptedException {
        try {
            if (!LateObjects.possible(attempt.lines.owner().jdbc())) {
                return rows;
            }
            attempt.act("Old owner's large objects looked at", "looking for large objects", attempt.from, () -> {
                objects = LateObjects.read(
                        attempt.lines.owner().jdbc(), attempt.lines.follower().jdbc());
                return objects.isEmpty() ? "none" : objects.size() + " ALONE there";
            });
        } catch (SQLException e) {
            unreadObjects(SqlFailure.state(e));
        } catch (Setback e) {
            unreadObjects(e.problem().details());
        }
        if (objects.isEmpty()) {
            return rows;
        }
        var problem = CutoverProblems.lateObjects(attempt.from, objects, rows);
        attempt.note("ATTENTION: " + problem.what() + " " + problem.details());
        return Optional.of(problem);
    }

    private void unreadObjects(String why) {
        attempt.note(
                "Whether a large object was made on the " + attempt.from.word() + " since could not be read: " + why);
    }

    private String readLog() throws SQLException, InterruptedException {
        DbSession owner = attempt.lines.owner();
        Patience.until(SLOT, () -> !(Slots.reader(owner.jdbc(), attempt.forward()) instanceof Slots.Reader.Pid));
        Optional<UnsentChanges> changes = LateChanges.read(
                owner,
                attempt.from,
                attempt.forward(),
                attempt.forward(),
                attempt.with.clock().instant());
        late = changes.filter(found -> !found.none()).map(found -> CutoverProblems.late(found, attempt.forward()));
        if (changes.isEmpty()) {
            return "its slot is gone";
        }
        return late.isPresent() ? "CHANGES after the fence" : "no change after the fence";
    }

    /// Takes the old stream off both servers. What cannot be removed now is noted: it does no harm but that
    /// its slot keeps the old owner's log.
    ///
    /// @param evidence whether the slot must stay, because the rows that are lost can be read from it
    void removeForward(boolean evidence) throws InterruptedException {
        try {
            attempt.act(Point.FORWARD_DROPPED, attempt.to, () -> {
                Subscriptions.drop(attempt.lines.follower(), attempt.forward());
                if (!evidence) {
                    SlotMaker.drop(attempt.lines.owner(), attempt.forward(), SLOT);
                }
                return evidence ? "its slot stays" : "";
            });
        } catch (Setback e) {
            attempt.note("The old stream could not be removed completely: "
                    + e.problem().details()
                    + ". On the " + attempt.from.word() + ": select pg_drop_replication_slot('" + attempt.forward()
                    + "'); on the " + attempt.to.word() + ": drop subscription " + attempt.forward() + ".");
        }
    }

    /// Makes the old owner follow; nothing happens if it does.
    void follow() throws Setback, InterruptedException {
        attempt.act(Point.WAY_BACK, attempt.from, () -> {
            DbSession from = attempt.lines.owner();
            if (Subscriptions.state(from.jdbc(), attempt.reverse()) instanceof SubscriptionReading.Present present) {
                if (!present.enabled()) {
                    Subscriptions.enable(from, attempt.reverse());
                }
                return "was there";
            }
            var owner = ConnectionString.of(
                    attempt.toServer().endpoint(),
                    attempt.with.plan().reach(attempt.to),
                    attempt.reverse(),
                    from.major());
            Subscriptions.create(from, attempt.reverse(), owner, attempt.reverse(), attempt.reverse(), true, REACH);
            return "";
        });
    }

    /// Sends a fence through it.
    void prove() throws Setback, InterruptedException {
        attempt.act(Point.PROVED, attempt.from, () -> {
            Fence fence = Fence.plant(attempt.lines.follower());
            if (!fence.arrives(attempt.lines.owner(), ARRIVE)) {
                throw new Setback(doesNotRun());
            }
            Fence.sweep(attempt.lines.follower());
            return "";
        });
    }

    /// Refuses what is written on the old owner from now on. Without it the data is where it should be, so a failure is
    /// only told.
    void guard() throws InterruptedException {
        try {
            attempt.act("Old owner guarded against writes", "guarding the old owner", attempt.from, () -> {
                Set<TableRef> tables = new TreeSet<>(
                        Publications.tables(attempt.lines.follower().jdbc(), attempt.reverse()));
                tables.remove(Publications.FENCE);
                Durability.lockTimeout(attempt.lines.owner(), SLOT); // a reader's long lock must not keep it waiting
                int made = WriteGuard.make(attempt.lines.owner(), tables);
                return made == 0 ? "as the release had left it" : made + " tables";
            });
        } catch (Setback e) {
            attempt.note("ATTENTION: the " + attempt.from.word() + " could not be guarded against writes: "
                    + e.problem().details()
                    + ". It is read-only by default only: a session that says READ WRITE can write rows there that"
                    + " nobody will have.");
        }
    }

    /// What to say when there is no way back.
    Problem missing(Problem why) {
        return new Problem(
                "no-way-back",
                "The " + attempt.to.word() + " owns the data and takes writes, but the " + attempt.from.word()
                        + " does not follow it: " + why.what(),
                "Nothing is lost. Until this is mended there is no way back.",
                "Retry to build it again. " + why.action(),
                why.details());
    }

    private Problem doesNotRun() throws SQLException {
        String state = Subscriptions.state(attempt.lines.owner().jdbc(), attempt.reverse())
                .toString();
        return new Problem(
                "fence-late",
                "A row did not arrive there within " + ARRIVE.toSeconds() + " s.",
                "",
                "See the server's log for why the apply worker does not run.",
                state);
    }
}
