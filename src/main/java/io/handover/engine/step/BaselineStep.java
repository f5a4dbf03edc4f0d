package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.ArchiveTools;
import io.handover.pg.CopyPiece;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.HandoverSchema;
import io.handover.pg.PgDump;
import io.handover.pg.SequenceSync;
import io.handover.pg.SlotMaker;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import io.handover.pg.TableSyncSlots;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Publication, slot, and the copy of exactly the snapshot that fits them: afterwards the slot streams every
/// change that the copy lacks, and none that it has.
///
/// The target's tables are there, without indexes, foreign keys and triggers. Run again after whatever broke
/// it off, it keeps the tables that are copied whole and brings the rest, see `RestOfCopy`; by itself if it
/// is only a connection that broke. If it fails before a single table is copied, it takes slot and
/// publication away again.
public final class BaselineStep implements Step {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Side owner;
    private final Duration slotTry;
    private final long rangeBytes;
    private final Duration patience;
    private final long portion;
    private final Function<NamedThreads, PgDump> pgDump;
    private final EarlyIndexes early;

    /// From the source to the target, with nothing built beside.
    public BaselineStep() {
        this(SlotMaker.TRY, CopyPiece.RANGE);
    }

    /// @param early what builds indexes beside; what it has begun when this step is done is left to the next one
    public BaselineStep(EarlyIndexes early) {
        this(SlotMaker.TRY, CopyPiece.RANGE, early);
    }

    /// @param slotTry    how long one try to make the slot may wait for others' transactions
    /// @param rangeBytes from which size on a table is copied by several workers
    /// @param early      what builds indexes beside
    BaselineStep(Duration slotTry, long rangeBytes, EarlyIndexes early) {
        this(slotTry, rangeBytes, PATIENCE, PgDump::installed, Portions.BYTES, early);
    }

    /// @param slotTry    how long one try to make the slot may wait for others' transactions
    /// @param rangeBytes from which size on a table is copied by several workers
    BaselineStep(Duration slotTry, long rangeBytes) {
        this(slotTry, rangeBytes, PATIENCE);
    }

    /// @param patience how long servers that copy by themselves may get nowhere
    BaselineStep(Duration slotTry, long rangeBytes, Duration patience) {
        this(slotTry, rangeBytes, patience, PgDump::installed);
    }

    /// @param pgDump with what an archive is written
    BaselineStep(Duration slotTry, long rangeBytes, Duration patience, Function<NamedThreads, PgDump> pgDump) {
        this(slotTry, rangeBytes, patience, pgDump, Portions.BYTES);
    }

    /// @param portion bytes of small tables that the servers are given at a time
    BaselineStep(
            Duration slotTry, long rangeBytes, Duration patience, Function<NamedThreads, PgDump> pgDump, long portion) {
        this(slotTry, rangeBytes, patience, pgDump, portion, EarlyIndexes.none());
    }

    private BaselineStep(
            Duration slotTry,
            long rangeBytes,
            Duration patience,
            Function<NamedThreads, PgDump> pgDump,
            long portion,
            EarlyIndexes early) {
        this.early = early;
        this.portion = portion;
        this.pgDump = pgDump;
        this.owner = Side.SOURCE;
        this.slotTry = slotTry;
        this.rangeBytes = rangeBytes;
        this.patience = patience;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        boolean done = false;
        try {
            StepOutcome outcome = new Run(with).run();
            done = outcome instanceof StepOutcome.Done;
            return outcome;
        } finally {
            if (!done) {
                early.end();
            }
        }
    }

    private final class Run {
        private final StepContext with;
        private final Publishing publishing;
        private final Doing doing;

        /// The last one begun; empty if what an earlier run has copied is being carried on.
        private Optional<SnapshotCopy> fresh = Optional.empty();

        Run(StepContext with) {
            this.with = with;
            this.publishing = new Publishing(with, owner);
            this.doing = new Doing(owner);
        }

        StepOutcome run() throws InterruptedException {
            try {
                var comeback = Comeback.ofCopy(with);
                while (!baseline(comeback)) {
                    with.progress(-1, "");
                }
                return new StepOutcome.Done();
            } catch (StoppedException _) {
                if (undo() && (with.plan().copyMethod() == CopyMethod.SERVER_TO_SERVER || subscribed())) {
                    with.note(
                            with.plan().copyMethod() == CopyMethod.SERVER_TO_SERVER
                                    ? "The servers go on copying by themselves; going on only looks how far they are."
                                    : "The servers come to the end of the tables they have begun; the others wait until"
                                            + " it goes on.");
                }
                return new StepOutcome.Stopped();
            } catch (StepFailed e) {
                return failed(e.problem());
            } catch (SQLException e) {
                return failed(doing.problem(e));
            } catch (RuntimeException e) {
                undo();
                throw e;
            }
        }

        /// @return false if a connection broke and it can go on
        private boolean baseline(Comeback comeback)
                throws SQLException, InterruptedException, StoppedException, StepFailed {
            try {
                doing.now(owner.other(), "preparing the schema handover");
                try (DbSession target = with.server(owner.other()).open("baseline")) {
                    HandoverSchema.create(target, with.plan().id());
                }
                Optional<RestOfCopy> rest = RestOfCopy.find(with, owner, publishing, doing, patience, portion);
                if (rest.isEmpty() && with.plan().copyMethod() == CopyMethod.SERVER_TO_SERVER) {
                    dropSubscription();
                    rest = Optional.of(RestOfCopy.ofNothing(with, owner, publishing, doing, patience, slotTry));
                }
                if (rest.isPresent()) {
                    fresh = Optional.empty();
                    rest.get().run();
                } else {
                    Optional<ArchiveTools> archive = archiveTools();
                    dropSubscription();
                    var copy = new SnapshotCopy(with, owner, publishing, doing, rangeBytes, archive, early);
                    fresh = Optional.of(copy);
                    copy.run(slotTry);
                    if (copy.isOneOfSeveral()) {
                        // the first wave lies there as what a copy that was broken off has kept
                        RestOfCopy.find(with, owner, publishing, doing, patience, portion)
                                .orElseThrow(() -> new StepFailed(slotLost()))
                                .run();
                    }
                }
                doing.now(owner.other(), "setting the sequences");
                setSequences();
                return true;
            } catch (SQLException e) {
                early.end(); // before anybody looks what is there
                if (!comeback.after(e)) {
                    throw e;
                }
                return false;
            }
        }

        /// @return empty if no archive is wanted
        private Optional<ArchiveTools> archiveTools() throws SQLException, InterruptedException, StepFailed {
            if (with.plan().copyMethod() != CopyMethod.ARCHIVE) {
                return Optional.empty();
            }
            doing.now(owner, "looking for pg_dump");
            int major;
            try (DbSession source = with.server(owner).open("look")) {
                major = source.major();
            }
            Optional<ArchiveTools> tools = pgDump.apply(with.threads()).archiveTools(major);
            if (tools.isEmpty()) {
                throw new StepFailed(ArchiveProblems.noTools(major));
            }
            Archive archive = with.plan().archive();
            if (archive.compressionFor(tools.get().major()).isEmpty()) {
                throw new StepFailed(ArchiveProblems.noCompression(archive.compression(), tools.get()));
            }
            return tools;
        }

        /// Of a copy whose slot is lost: no slot will ever serve it again.
        private void dropSubscription() throws SQLException, InterruptedException {
            doing.now(owner.other(), "removing the subscription of a lost slot");
            try (DbSession source = with.server(owner).open("baseline");
                    DbSession target = with.server(owner.other()).open("baseline")) {
                TableSyncSlots.dropSubscription(source, target, with.plan().id().subscription(owner));
            }
        }

        /// For the looks of it only: they are set again when writes have stopped.
        private void setSequences() throws SQLException {
            try (DbSession source = with.server(owner).open("sequences");
                    DbSession target = with.server(owner.other()).open("sequences")) {
                var result = SequenceSync.run(source.jdbc(), target, with.plan().scope());
                if (!result.missing().isEmpty()) {
                    with.note("Sequences that are missing on the target: " + result.missing());
                }
                Durability.flush(target);
            }
        }

        /// What went wrong while subscribing tells of a slot that keeps the log, and there is none any more.
        private static Problem ofNothing(Problem problem) {
            return new Problem(
                    problem.code(),
                    problem.what(),
                    "Nothing is copied yet, and slot and publication were removed again.",
                    problem.action(),
                    problem.details());
        }

        private static Problem slotLost() {
            return new Problem(
                    "slot-lost",
                    "The replication slot has lost what was written while the first wave was copied.",
                    "Nothing is lost on the source, but the first wave cannot be followed any more.",
                    "Raise max_slot_wal_keep_size or make the first wave smaller, then retry: all begins anew.",
                    "");
        }

        /// A subscription that cannot be looked for may be there, and needs its slot.
        private boolean subscribed() {
            try (DbSession target = with.server(owner.other()).open("look")) {
                return Subscriptions.state(target.jdbc(), with.plan().id().subscription(owner))
                        instanceof SubscriptionReading.Present;
            } catch (SQLException _) {
                return true;
            }
        }

        private StepOutcome failed(Problem problem) throws InterruptedException {
            if (!undo()) {
                return new StepOutcome.Failed(
                        with.plan().copyMethod() == CopyMethod.SERVER_TO_SERVER ? ofNothing(problem) : problem);
            }
            // Who does not come back soon must know what his production pays for it
            return new StepOutcome.Failed(new Problem(
                    problem.code(),
                    problem.what(),
                    problem.meaning()
                            + (with.copiedTables().isEmpty()
                                    ? " What the servers copy by themselves goes on. For that the replication slot "
                                    : " The tables that are copied are kept. For them the replication slot ")
                            + with.plan().id().slot(owner) + " keeps the " + owner.word()
                            + "'s WAL until you retry or discard.",
                    problem.action(),
                    problem.details()));
        }

        /// Takes slot and publication away, unless a later run carries on what is copied and needs them.
        ///
        /// @return whether they were kept
        private boolean undo() throws InterruptedException {
            if (fresh.isPresent()
                    ? fresh.get().hasCopied()
                    : !with.copiedTables().isEmpty() || subscribed()) {
                return true;
            }
            try {
                publishing.undo();
            } catch (SQLException e) {
                with.note("The slot or the publication of the baseline could not be removed: "
                        + Problems.of(e, owner, "removing them").details());
            }
            return false;
        }
    }
}
