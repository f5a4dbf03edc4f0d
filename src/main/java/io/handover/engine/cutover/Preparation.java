package io.handover.engine.cutover;

import io.handover.flow.Patience;
import io.handover.flow.StoppedException;
import io.handover.model.FreezeMethod;
import io.handover.model.GateOverride;
import io.handover.model.GatesView;
import io.handover.model.Hooks;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.Durability;
import io.handover.pg.FreezeRoles;
import io.handover.pg.HandoverSchema;
import io.handover.pg.MaterializedView;
import io.handover.pg.Publications;
import io.handover.pg.SchemaGuard;
import io.handover.pg.SlotMaker;
import io.handover.pg.SlotTrial;
import io.handover.pg.SqlNames;
import io.handover.pg.Subscriptions;
import io.handover.pg.Watchdog;
import io.handover.pg.WriteGuard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All that can be done before writes are stopped. Whatever fails here costs nobody anything.
final class Preparation {

    private static final Duration WATCHDOG_STARTS = Duration.ofSeconds(10);
    private static final Duration LOCK = Duration.ofSeconds(10);
    private static final Duration GATES = Duration.ofSeconds(8);
    private static final Duration GATES_AGAIN = Duration.ofMillis(250);
    private static final Duration SLOT = Duration.ofSeconds(5);

    private final Attempt attempt;

    Preparation(Attempt attempt) {
        this.attempt = attempt;
    }

    /// The conditions, read now; one that is closed holds if somebody has overridden just that. Some are closed for a
    /// moment only (a comparison has just let the stream go on, and
    /// its reader is not back yet), so they are given a little time; production goes on meanwhile.
    void gates() throws Setback, InterruptedException, StoppedException {
        Patience.until(
                attempt.with.gate(),
                GATES,
                GATES_AGAIN,
                () -> attempt.parts.gates().read(attempt.from).mayPass()); // if not, said below
        attempt.act(Point.GATES, attempt.from, () -> {
            GatesView gates = attempt.parts.gates().read(attempt.from);
            if (!gates.mayPass()) {
                throw new Setback(CutoverProblems.gatesClosed(gates));
            }
            for (GateOverride override : gates.overrides()) {
                attempt.note("Overridden: " + override.title() + " (" + override.detail() + "), by " + override.by()
                        + ": " + override.reason());
            }
            return gates.gates().size() - gates.overrides().size() + " conditions hold"
                    + (gates.overrides().isEmpty()
                            ? ""
                            : ", overridden: "
                                    + gates.overrides().stream()
                                            .map(GateOverride::gate)
                                            .collect(Collectors.joining(", ")));
        });
    }

    /// The user's own command; refuses by its exit status.
    void hook() throws Setback, InterruptedException {
        Hooks hooks = attempt.with.plan().hooks();
        if (hooks.beforeFreeze().isBlank()) {
            return;
        }
        attempt.act(Point.HOOK_BEFORE, attempt.from, () -> {
            var run = attempt.parts
                    .hooks()
                    .command(
                            "before-freeze",
                            hooks.beforeFreeze(),
                            HookRuns.environment(attempt, attempt.from),
                            hooks.timeLimit());
            attempt.add(run);
            if (!run.ok()) {
                throw new Setback(CutoverProblems.hookRefused(run));
            }
            return "exit 0";
        });
    }

    /// Whose sessions are ended in a freeze by role.
    ///
    /// @param asked whether a missing role refuses the cutover: not when Handover rolls back by itself, nor
    ///              on the target, where other roles may be in use; the locks hold for everybody
    void roles(boolean asked) throws Setback, InterruptedException {
        if (attempt.method() != FreezeMethod.NAMED_ROLES) {
            return;
        }
        attempt.act("Roles looked up", "looking up the roles", attempt.from, () -> {
            List<String> missing = new ArrayList<>(attempt.with.plan().freezeRoles());
            var owner = attempt.lines.owner().jdbc();
            var unguarded = FreezeRoles.unguarded(owner, attempt.with.plan().scope());
            if (!asked && !unguarded.isEmpty()) {
                return endAll(CutoverProblems.unguarded(unguarded));
            }
            var found = FreezeRoles.find(owner, missing);
            found.forEach(role -> missing.remove(role.name()));
            if (asked && !missing.isEmpty() && attempt.from == Side.SOURCE) {
                throw new Setback(CutoverProblems.noSuchRole(attempt.from, missing));
            }
            // asked for, a role that may not be altered has closed a gate
            attempt.byRole(found.stream()
                    .filter(role -> asked || role.alterable())
                    .map(FreezeRoles.Role::oid)
                    .collect(Collectors.toSet()));
            return attempt.roles().map(Set::size).orElse(0) + " roles"
                    + (missing.isEmpty() ? "" : ", not on this server: " + String.join(", ", missing));
        });
    }

    /// In a roll back by itself nobody can choose another way.
    private String endAll(Problem why) {
        attempt.byEndingAll();
        attempt.note(why.what() + " So every session on the " + attempt.from.word() + " is ended.");
        return "every session instead";
    }

    /// Publication, a slot tried out, nothing left of an earlier attempt.
    ///
    /// @param asked false if Handover rolls back by itself
    void wayBack(boolean asked) throws Setback, InterruptedException {
        attempt.act(Point.PREPARED, attempt.to, () -> {
            var to = attempt.lines.follower();
            Durability.lockTimeout(to, LOCK); // somebody's long lock there must not keep a person waiting for nothing
            HandoverSchema.create(attempt.lines.owner(), attempt.id());
            HandoverSchema.create(to, attempt.id());
            WriteGuard.prepare(attempt.lines.owner());
            boolean guarded = SchemaGuard.make(attempt.lines.owner());
            if (!guarded && attempt.method() == FreezeMethod.NAMED_ROLES) {
                if (asked) {
                    throw new Setback(CutoverProblems.schemaUnguarded(attempt.from));
                }
                var _ = endAll(CutoverProblems.schemaUnguarded(attempt.from));
            }
            if (!guarded) {
                attempt.note("The role may not make event triggers on the " + attempt.from.word()
                        + ": afterwards a session that says READ WRITE itself could still make a table there.");
            }
            Set<TableRef> tables =
                    new TreeSet<>(Publications.tables(attempt.lines.owner().jdbc(), attempt.forward()));
            tables.remove(Publications.FENCE);
            Set<TableRef> anonymous = Publications.withoutIdentity(to.jdbc(), tables);
            if (!anonymous.isEmpty()) {
                String names =
                        anonymous.stream().map(TableRef::display).limit(10).collect(Collectors.joining(", "));
                throw new Setback(CutoverProblems.identities(attempt.to, names));
            }
            SlotMaker.drop(to, attempt.reverse(), SLOT);
            Subscriptions.drop(attempt.lines.owner(), attempt.reverse());
            Publications.make(
                    to, attempt.reverse(), tables, attempt.lines.owner().major());
            SlotTrial.run(to, attempt.reverse() + "_try", SLOT);
            return tables.size() + " tables";
        });
    }

    /// Materialized views, and what else can be brought over or looked up before the pause.
    void ahead() throws Setback, InterruptedException, StoppedException {
        var to = attempt.lines.follower();
        attempt.act(Point.VIEWS, attempt.to, () -> {
            int refreshed = 0;
            for (MaterializedView view : Catalog.materializedViews(to.jdbc())) {
                if (view.populated()) {
                    to.change("refresh materialized view " + SqlNames.quoted(view.name()));
                    refreshed++;
                }
            }
            return refreshed + (refreshed == 1 ? " view" : " views");
        });
        attempt.with.gate().pass();
        var passengers = new Passengers(attempt);
        attempt.passengers(passengers);
        attempt.act(Point.AHEAD, attempt.to, () -> {
            passengers.prepare();
            return "";
        });
        attempt.with.gate().pass();
    }

    /// Arms the mark and proves that somebody watches it. Once writes are stopped the deadline is set anew.
    void arm() throws Setback, InterruptedException {
        Duration untilFrozen = attempt.untilFrozen();
        attempt.with.intent(
                "cutover", "epoch " + attempt.epoch + " from " + attempt.from.word() + " to " + attempt.to.word());
        // whoever goes on from another computer must know that the mark is to be asked
        attempt.with.share();
        attempt.act(Point.ARMED, attempt.from, () -> {
            long nanos = System.nanoTime();
            if (!attempt.mark().arm(untilFrozen)) {
                throw new Setback(CutoverProblems.streamUnsound(
                        "the " + attempt.from.word() + " does not say that it owns the data"));
            }
            attempt.armed();
            attempt.deadlineAt(nanos + untilFrozen.toNanos());
            return "epoch " + attempt.epoch;
        });
        attempt.act(Point.WATCHED, attempt.from, () -> {
            Watchdog watchdog = Watchdog.start(
                    attempt.fromServer(), attempt.id(), attempt.epoch, attempt.lines.locks(), attempt.with.threads());
            attempt.watchedBy(watchdog);
            if (!sleeps(watchdog)) {
                throw new Setback(CutoverProblems.tookBack("the watchdog does not run"));
            }
            return "pid " + watchdog.pid();
        });
    }

    private boolean sleeps(Watchdog watchdog) throws SQLException, InterruptedException {
        return Patience.until(WATCHDOG_STARTS, () -> watchdog.sleeps(attempt.lines.owner()));
    }
}
