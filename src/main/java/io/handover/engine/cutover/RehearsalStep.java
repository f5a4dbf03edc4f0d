package io.handover.engine.cutover;

import io.handover.engine.step.Problems;
import io.handover.engine.step.Step;
import io.handover.engine.step.StepContext;
import io.handover.engine.step.StepOutcome;
import io.handover.flow.StoppedException;
import io.handover.model.Command;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.HookRun;
import io.handover.model.Hooks;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.CutoverFacts;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Fence;
import io.handover.pg.FreezeDrill;
import io.handover.pg.SlotTrial;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A cutover without the freeze: everything else on the real pair, and the freeze on a table of Handover's own. Holds
/// up nobody and leaves nothing behind but what the follower lacked: sequences, large objects and unlogged tables stand
/// there as on the owner afterwards. What it found is noted for the record, with the pause to expect.
///
/// The read-only default and the end of the stream are tried and rolled back (`SettingTrials`). Not rehearsed, because
/// that would change something that production or the stream relies on: how long the apply worker takes to end, and the
/// hooks themselves, which are only parsed by the shell.
public final class RehearsalStep implements Step {

    private static final Duration ARRIVES = Duration.ofSeconds(10);
    private static final Duration SLOT = Duration.ofSeconds(5);
    private static final Duration HOOK = Duration.ofSeconds(5);
    /// Commits that the pause waits for: deadline, mark, durability on the new owner, confirmation.
    private static final int COMMITS = 4;

    private final Side from;
    private final CutoverParts parts;
    private final List<String> told = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private double pauseMillis;
    private Side busy;

    /// @param from the side that would hand over
    public RehearsalStep(Side from, CutoverParts parts) {
        this.from = from;
        this.parts = parts;
        this.busy = from;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        busy = from.other();
        try (DbSession to = with.server(from.other()).open("rehearsal")) {
            Durability.on(to);
            busy = from;
            try (DbSession owner = with.server(from).open("rehearsal")) {
                Durability.on(owner);
                gates(with);
                hooks(with.plan().hooks());
                poolers(with);
                servers(with, owner, to);
            }
        } catch (SQLException e) {
            return new StepOutcome.Failed(Problems.of(e, busy, "rehearsing the cutover"));
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        }
        with.note(Command.Rehearse.NOTE + "writes would pause for " + Math.round(pauseMillis)
                + " ms, and besides for the transactions under way and the end of idle sessions ("
                + String.join("; ", told)
                + ")"
                + (faults.isEmpty() ? "" : ". Not well: " + String.join("; ", faults)));
        return faults.isEmpty()
                ? new StepOutcome.Done()
                : new StepOutcome.Failed(new Problem(
                        "rehearsal",
                        "The rehearsal found what would stop a cutover.",
                        "Nothing was stopped, and nothing is left on either server.",
                        "Put it right, then rehearse again.",
                        String.join("\n", faults)));
    }

    private void gates(StepContext with) throws StoppedException, InterruptedException {
        GatesView gates = parts.gates().read(from);
        told.add(gates.gates().size() - gates.blocking().size() + " of "
                + gates.gates().size() + " gates hold");
        gates.blocking().stream()
                .map((GateReading gate) -> gate.title() + ": " + gate.detail())
                .forEach(faults::add);
        with.gate().pass();
    }

    private void hooks(Hooks hooks) throws InterruptedException {
        var commands = Map.of(
                "before-freeze", hooks.beforeFreeze(),
                "switch", hooks.switchOver(),
                "health-check", hooks.healthCommand(),
                "after", hooks.after());
        int parsed = 0;
        for (String name : commands.keySet().stream().sorted().toList()) {
            String command = commands.getOrDefault(name, "");
            if (!command.isBlank()) {
                HookRun run = parts.hooks().parse(name, command, HOOK);
                parsed++;
                if (!run.ok()) {
                    faults.add("the hook " + name + " cannot be run: " + run.output());
                }
            }
        }
        if (parsed > 0) {
            told.add(parsed + " hooks parsed by the shell, not run");
        }
        if (!hooks.healthUrl().isBlank()) {
            HookRun now = parts.hooks().health(hooks.healthUrl(), HOOK);
            told.add("the health check answers " + now.exit() + " now");
        }
    }

    private void poolers(StepContext with) {
        if (with.plan().poolers().isEmpty()) {
            return;
        }
        try (var consoles = new PoolerConsoles(with, from, parts.consoles())) {
            long began = System.nanoTime();
            consoles.connect();
            told.add(took("PgBouncer's consoles", began));
        } catch (Setback e) {
            faults.add(e.problem().what() + " " + e.problem().details());
        }
    }

    private void servers(StepContext with, DbSession owner, DbSession to)
            throws SQLException, StoppedException, InterruptedException {
        Plan plan = with.plan();
        CutoverFacts facts = CutoverFacts.read(owner.jdbc(), to.jdbc(), plan, from);
        FreezeDrill.Result drill = FreezeDrill.run(with.server(from), owner, with.threads());
        told.add("freeze drill: locked in " + millis(drill.lock()) + ", given back by the server "
                + millis(drill.givenBack()) + " after its time");
        with.gate().pass();

        timed(facts.locked().size() + " tables locked", () -> readLocks(owner, facts));
        timed("fence", () -> fence(with, owner, to));
        var settings = new SettingTrials(plan, told, faults);
        pauseMillis += settings.readOnly(owner);
        var old = new OldSessions(with.server(from), owner, owner.pid(), Optional.empty());
        timed("sessions looked at", () -> {
            old.rehearse();
            old.rehearse(); // as the last look before the confirmation
        });
        with.gate().pass();
        busy = from.other();
        pauseMillis += settings.stream(to, plan.id().subscription(from));
        passengers(with, owner, to);
        timed("slot for the way back", () -> SlotTrial.run(to, plan.id().slot(from.other()) + "_try", SLOT));
        timed(COMMITS + " commits", () -> {
            for (int i = 0; i < COMMITS; i++) {
                Durability.flush(to);
            }
        });
        busy = from;
    }

    /// What no stream carries, brought over as the cutover does it ahead of the pause and in it: that touches only the
    /// follower, which nobody else writes to. In the pause they go at the same time, so the longest counts.
    private void passengers(StepContext with, DbSession owner, DbSession to)
            throws SQLException, StoppedException, InterruptedException {
        double longest = 0;
        for (PauseWork work : parts.work()) {
            with.gate().pass();
            PauseWork.Ready ready = work.work().prepare(with.plan(), owner, to);
            long began = System.nanoTime();
            ready.run().ifPresent(problem -> faults.add(problem.what()));
            longest = Math.max(longest, (System.nanoTime() - began) / 1e6);
            told.add(took(work.title(), began));
        }
        pauseMillis += longest;
    }

    /// As many locks as the freeze takes, of the kind that only a reader needs.
    private static void readLocks(DbSession owner, CutoverFacts facts) throws SQLException {
        if (facts.locked().isEmpty()) {
            return;
        }
        owner.inTransaction(session -> {
            session.change("set local lock_timeout = '1s'");
            return session.change("lock table " + String.join(", ", facts.locked()) + " in access share mode");
        });
    }

    private void fence(StepContext with, DbSession owner, DbSession to) throws SQLException, InterruptedException {
        Fence fence = Fence.plant(owner);
        try {
            if (!fence.arrives(to, ARRIVES)) {
                faults.add("a row of the " + from.word() + " did not arrive within " + ARRIVES.toSeconds() + " s");
            }
        } finally {
            fence.remove(owner);
        }
        with.progress(-1, "");
    }

    private void timed(String what, Timed work) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        work.run();
        pauseMillis += (System.nanoTime() - began) / 1e6;
        told.add(took(what, began));
    }

    private static String took(String what, long began) {
        return what + " " + millis(Duration.ofNanos(System.nanoTime() - began));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    @FunctionalInterface
    private interface Timed {
        void run() throws SQLException, InterruptedException;
    }
}
