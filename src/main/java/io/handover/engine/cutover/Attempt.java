package io.handover.engine.cutover;

import io.handover.engine.step.Problems;
import io.handover.engine.step.StepContext;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.FreezeMethod;
import io.handover.model.HookRun;
import io.handover.model.MigrationId;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.LockKeeper;
import io.handover.pg.MarkChange;
import io.handover.pg.Server;
import io.handover.pg.Watchdog;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One attempt at a cutover: its connections, its clock, its report. One thread, the step's.
final class Attempt implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Attempt.class.getName());
    private static final Duration AT_LEAST = Duration.ofSeconds(10);

    /// No longer than people look at a page without wondering.
    private static final Duration QUIET = Duration.ofMillis(500);

    final StepContext with;
    final CutoverParts parts;
    final Side from;
    final Side to;
    final long epoch;
    final Lines lines;
    final CutoverTimeline timeline;
    final Publisher publisher;
    final Poolers poolers;

    private final Instant startedAt;
    private final List<HookRun> hooks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Problem> problem = Optional.empty();
    private Optional<Instant> frozenAt = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private Optional<Duration> writePause = Optional.empty();
    private Outcome outcome = Outcome.RUNNING;
    private long frozenNanos;
    private long deadlineNanos;
    private boolean armed;
    private boolean staged;
    private @Nullable Watchdog watchdog;
    private @Nullable LockKeeper keeper;
    private Optional<Passengers> passengers = Optional.empty();
    private Optional<Set<Long>> roles = Optional.empty();
    private FreezeMethod method;
    private Optional<HookShell> switchShell = Optional.empty();

    /// @param earlier the report of the same attempt before a restart; empty for a new one
    Attempt(StepContext with, CutoverParts parts, Side from, long epoch, Lines lines, Optional<CutoverReport> earlier) {
        this.with = with;
        this.parts = parts;
        this.from = from;
        this.to = from.other();
        this.epoch = epoch;
        this.method = with.plan().freeze();
        this.lines = lines;
        this.startedAt = earlier.map(CutoverReport::startedAt)
                .orElseGet(() -> with.clock().instant());
        this.frozenAt = earlier.flatMap(CutoverReport::frozenAt);
        earlier.ifPresent(report -> {
            hooks.addAll(report.hooks());
            notes.addAll(report.notes());
        });
        this.timeline = new CutoverTimeline(earlier.map(CutoverReport::timeline).orElse(List.of()));
        this.publisher = new Publisher(with, this::report);
        this.poolers = new Poolers(this);
    }

    MigrationId id() {
        return with.plan().id();
    }

    Server fromServer() {
        return with.server(from);
    }

    Server toServer() {
        return with.server(to);
    }

    /// The stream that runs now: publication and slot on `from`, subscription on `to`.
    String forward() {
        return id().subscription(from);
    }

    /// The stream of the way back: publication and slot on `to`, subscription on `from`.
    String reverse() {
        return id().subscription(to);
    }

    MarkChange mark() {
        return new MarkChange(lines.control(), id(), from, epoch);
    }

    Optional<Watchdog> watchdog() {
        return Optional.ofNullable(watchdog);
    }

    void watchedBy(Watchdog started) {
        watchdog = started;
    }

    /// Who keeps the locks from just before the confirmation on; empty before, and after a restart.
    Optional<LockKeeper> keeper() {
        return Optional.ofNullable(keeper);
    }

    void keptBy(LockKeeper started) {
        keeper = started;
    }

    /// What the pause brings over; empty before it is prepared, and after a restart.
    Optional<Passengers> passengers() {
        return passengers;
    }

    void passengers(Passengers prepared) {
        passengers = Optional.of(prepared);
    }

    /// The OIDs of the roles that a freeze by role is about, perhaps none; empty if it is for everybody.
    Optional<Set<Long>> roles() {
        return roles;
    }

    void byRole(Set<Long> found) {
        roles = Optional.of(Set.copyOf(found));
    }

    /// A freeze by role would not hold, and nobody is there to be asked: everybody's sessions are ended.
    void byEndingAll() {
        method = FreezeMethod.END_SESSIONS;
        roles = Optional.empty();
    }

    /// How writes are stopped: the plan's way, but for a roll back by itself where that would not hold.
    FreezeMethod method() {
        return method;
    }

    /// The shell that waits to run the switch hook; empty if it is to be started when it is needed.
    Optional<HookShell> switchShell() {
        return switchShell;
    }

    void switchBy(Optional<HookShell> waiting) {
        switchShell = waiting;
    }

    /// Lets the locks go, whatever state their session is in. One that keeps them by itself does so when it sees the
    /// mark.
    void releaseLocks() {
        if (keeper == null) {
            lines.releaseLocks();
            return;
        }
        try {
            keeper.abandon();
        } catch (SQLException e) {
            LOG.log(Level.FINE, "The connection of the locks was gone already", e);
        }
    }

    /// How long it may take to stop writes; every try lets production go on in between.
    Duration untilFrozen() {
        Duration deadline = with.plan().deadline();
        return deadline.compareTo(AT_LEAST) < 0 ? AT_LEAST : deadline;
    }

    /// Writes are stopped since `nanos`, which was just now; for clients of a PgBouncer, since it was paused.
    void frozen(long nanos) {
        frozenNanos = poolers.pausedSince().orElse(nanos);
        frozenAt = Optional.of(with.clock().instant().minusNanos(System.nanoTime() - frozenNanos));
        timeline.frozen(frozenNanos);
        publisher.hush(QUIET);
    }

    /// When writers first had to wait, by `System.nanoTime`.
    long frozenNanos() {
        return frozenNanos;
    }

    /// The mark is armed: there is something to take back.
    void armed() {
        armed = true;
    }

    boolean isArmed() {
        return armed;
    }

    /// Enters the stage in which writes are stopped.
    void enterFreeze() {
        with.enter(from == Side.SOURCE ? Stage.FENCING : Stage.REVERTING);
        staged = true;
    }

    /// The journal is in a stage of a cutover.
    void staged() {
        staged = true;
    }

    boolean isStaged() {
        return staged;
    }

    /// When everything is undone, by the clock of this computer and no later than the server's.
    void deadlineAt(long nanos) {
        deadlineNanos = nanos;
        deadline = Optional.of(with.clock().instant().plusNanos(nanos - System.nanoTime()));
    }

    /// Whether this process has stopped writes.
    boolean isFrozen() {
        return frozenNanos != 0;
    }

    /// Until the deadline; negative past it.
    Duration left() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    /// The same as a limit for a wait.
    ///
    /// @throws Setback if nothing is left
    Duration leftOrLate(String waitedFor) throws Setback {
        Duration left = left();
        if (left.isNegative() || left.isZero()) {
            throw new Setback(CutoverProblems.late(with.plan().deadline(), waitedFor));
        }
        return left;
    }

    /// Writes are possible again.
    void writable() {
        timeline.open();
        if (isFrozen() && writePause.isEmpty()) {
            writePause = Optional.of(Duration.ofNanos(System.nanoTime() - frozenNanos));
        }
    }

    void add(HookRun run) {
        hooks.add(run);
    }

    void note(String text) {
        notes.add(text);
        with.note(text);
    }

    void problem(Problem what) {
        problem = Optional.of(what);
    }

    Optional<Problem> problem() {
        return problem;
    }

    /// How it stands now; shown, and journalled before this returns.
    void outcome(Outcome now) {
        stands(now);
        publisher.showNow();
    }

    /// How it stands now; shown by the caller.
    void stands(Outcome now) {
        outcome = now;
    }

    /// Runs one act and notes it in the timeline.
    ///
    /// @param side which server a failure is about
    <T> T act(Point point, Side side, Act<T> act) throws Setback, InterruptedException {
        T result = act(point.title(), point.doing(), side, act);
        parts.points().passed(point);
        return result;
    }

    <T> T act(String title, String doing, Side side, Act<T> act) throws Setback, InterruptedException {
        int number = timeline.begin(title);
        publisher.showSoon();
        String note = "failed";
        try {
            T result = act.run();
            note = result instanceof String text ? text : "";
            return result;
        } catch (SQLException e) {
            throw new Setback(Problems.of(e, side, doing), e);
        } finally {
            timeline.end(number, note);
        }
    }

    /// How it stands; for the step's thread only.
    CutoverReport report() {
        return new CutoverReport(
                from, startedAt, frozenAt, deadline, outcome, writePause, timeline.entries(), hooks, problem, notes);
    }

    /// Lets go of the connections; what goes on in the servers goes on.
    @Override
    public void close() {
        publisher.close();
        passengers.ifPresent(Passengers::close);
        switchShell.ifPresent(HookShell::close);
        poolers.close();
        if (watchdog != null) {
            watchdog.close();
        }
        if (keeper != null) {
            releaseLocks();
        }
        lines.close();
    }

    /// One act.
    ///
    /// @param <T> what it finds; a text becomes the note in the timeline
    @FunctionalInterface
    interface Act<T> {
        T run() throws SQLException, Setback, InterruptedException;
    }
}
