package io.handover.engine.cutover;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.pg.DbSession;
import io.handover.pg.LargeObjectRights;
import io.handover.pg.LargeObjects;
import io.handover.pg.SequencePlan;
import io.handover.pg.SequenceSync;
import io.handover.pg.UnloggedTables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What no stream carries: sequences, large objects, unlogged tables.
///
/// Each is brought over before writes are stopped, so that little is left, and when nobody is left who could change
/// it, which is what counts: then both sides are looked at. In between, as soon as the tables are locked, some of it is
/// brought over once more while other things are waited for: unlogged tables, which the locks keep as they are from
/// then on, sequences if there are many, and large objects if they are few: those that were changed just before the
/// freeze are sent then, and at last both sides are only compared.
public final class Unstreamed {

    /// With so many sequences it is worth while to begin early. Few are brought over in the time of a few questions;
    /// asked twice, they take that time from everything else that goes on.
    static final int MANY = 1_000;

    /// What takes longer is compared once in the pause, when nobody can change it any more, and not twice.
    private static final Duration QUICK = Duration.ofMillis(20);

    private Unstreamed() {}

    /// All of it.
    public static List<PauseWork> all(NamedThreads threads) {
        return List.of(
                new PauseWork("Sequences", (plan, from, to) -> sequences(plan, from, to, threads)),
                new PauseWork("Large objects", Unstreamed::largeObjects),
                new PauseWork("Unlogged tables", Unstreamed::unlogged));
    }

    private static PauseWork.Ready sequences(Plan plan, DbSession from, DbSession to, NamedThreads threads)
            throws SQLException, InterruptedException {
        long began = System.nanoTime();
        Optional<SequencePlan> prepared = SequencePlan.prepare(from.jdbc(), to, plan.scope());
        if (prepared.isPresent()) {
            var _ = WarmUp.again(began, () -> {
                var _ = prepared.get().run();
                if (many(prepared)) {
                    prepared.get().begin();
                    var _ = prepared.get().runAgain(threads);
                }
            });
        }
        return new PauseWork.Ready() {
            private boolean done;

            @Override
            public boolean beginsEarly() {
                return many(prepared);
            }

            @Override
            public void early() throws SQLException {
                if (prepared.isPresent()) {
                    prepared.get().begin();
                    done = true;
                }
            }

            @Override
            public Optional<Problem> run() throws SQLException, InterruptedException {
                SequenceSync.Result result;
                if (prepared.isEmpty()) {
                    result = SequenceSync.run(from.jdbc(), to, plan.scope());
                } else if (done) {
                    result = prepared.get().runAgain(threads);
                } else {
                    result = prepared.get().run();
                }
                return result.complete() ? Optional.empty() : Optional.of(notAllSequences(result));
            }

            @Override
            public List<String> lookAgain() throws SQLException {
                return prepared.isPresent() ? prepared.get().lookAgain() : List.of();
            }
        };
    }

    private static boolean many(Optional<SequencePlan> prepared) {
        return prepared.isPresent() && prepared.get().size() >= MANY;
    }

    private static Problem notAllSequences(SequenceSync.Result result) {
        return new Problem(
                "sequences",
                "Sequences could not be brought over: missing " + result.missing() + ", different " + result.different()
                        + ".",
                "The next values there could collide with rows that exist.",
                "Create the missing sequences on the other side, or leave their schema out.",
                "");
    }

    private static PauseWork.Ready largeObjects(Plan plan, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        long began = System.nanoTime();
        syncLargeObjects(from, to);
        LargeObjectRights.carry(plan, from.jdbc(), to); // before the pause: there may be many
        Duration took = WarmUp.again(began, () -> bringLargeObjects(plan, from, to));
        boolean quick = took.compareTo(QUICK) < 0;
        return new PauseWork.Ready() {
            @Override
            public boolean beginsEarly() {
                return quick;
            }

            @Override
            public void early() throws SQLException, InterruptedException {
                bringLargeObjects(plan, from, to);
            }

            @Override
            public Optional<Problem> run() throws SQLException, InterruptedException {
                bringLargeObjects(plan, from, to);
                return Optional.empty();
            }
        };
    }

    private static void bringLargeObjects(Plan plan, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        if (syncLargeObjects(from, to).created() > 0) {
            LargeObjectRights.carry(plan, from.jdbc(), to);
        }
    }

    private static LargeObjects.Result syncLargeObjects(DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        try {
            return LargeObjects.sync(from, to, new Gate());
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop this gate", e);
        }
    }

    private static PauseWork.Ready unlogged(Plan plan, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        long began = System.nanoTime();
        var tables = UnloggedTables.prepare(from, to, plan.scope());
        copy(tables); // what it has to do for the first time it does before the pause
        var _ = WarmUp.again(began, () -> copy(tables));
        return new PauseWork.Ready() {
            private boolean copied;

            @Override
            public boolean beginsEarly() {
                return true;
            }

            @Override
            public void early() throws SQLException, InterruptedException {
                copy(tables);
                copied = true;
            }

            @Override
            public Optional<Problem> run() throws SQLException, InterruptedException {
                if (!copied || !tables.areStillThose()) {
                    copy(tables);
                }
                return Optional.empty();
            }
        };
    }

    private static void copy(UnloggedTables tables) throws SQLException, InterruptedException {
        try {
            tables.copyAgain(new Gate());
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop this gate", e);
        }
    }
}
