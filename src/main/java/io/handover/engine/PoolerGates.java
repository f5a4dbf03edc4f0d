package io.handover.engine;

import io.handover.model.Endpoint;
import io.handover.model.GateReading;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Side;
import io.handover.pg.PoolerConsole;
import io.handover.pg.SqlFailure;
import io.handover.pg.SqlLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Whether the plan's PgBouncers can hold their clients back. Each look is a log-in on each console, which PgBouncer
/// writes into its log, so that one is good for a few seconds.
final class PoolerGates {

    private static final String ID = "pgbouncer";
    private static final Duration GOOD_FOR = Duration.ofSeconds(5);
    private static final String NEEDED = "The cutover pauses it first, and would be undone.";

    private final PasswordLookup passwords;
    private Optional<Look> last = Optional.empty();

    PoolerGates(PasswordLookup passwords) {
        this.passwords = passwords;
    }

    private record Look(Plan plan, long nanos, GateReading gate) {}

    /// What is wrong with one of them.
    ///
    /// @param never whether nobody can go on all the same
    private record Fault(String what, String remedy, String cost, boolean never) {}

    /// One gate for all of them; empty if the plan has none.
    ///
    /// @param side whose clients would wait
    synchronized List<GateReading> read(Plan plan, Side side, SqlLog log) {
        if (plan.poolers().isEmpty()) {
            return List.of();
        }
        long now = System.nanoTime();
        Optional<Look> good = last.filter(look -> look.plan().equals(plan) && now - look.nanos() < GOOD_FOR.toNanos());
        if (good.isEmpty()) {
            good = Optional.of(new Look(plan, System.nanoTime(), look(plan, side, log)));
            last = good;
        }
        return List.of(good.get().gate());
    }

    private GateReading look(Plan plan, Side side, SqlLog log) {
        var faults = new ArrayList<Fault>();
        var well = new ArrayList<String>();
        if (plan.hooks().switchOver().isBlank()) {
            faults.add(new Fault(
                    "no switch hook writes its configuration",
                    "Name a switch hook that points it to the new owner; RELOAD and RESUME are said after that.",
                    "It is told to read its configuration again, and sends its clients wherever that points then.",
                    false));
        }
        for (Pooler pooler : plan.poolers()) {
            ask(plan, pooler, side, log, faults, well);
        }
        String title = "PgBouncer can hold its clients back";
        if (faults.isEmpty()) {
            return Gates.open(ID, title, String.join("; ", well));
        }
        String detail = String.join("; ", faults.stream().map(Fault::what).toList());
        String remedy = String.join(
                " ", new TreeSet<>(faults.stream().map(Fault::remedy).toList()));
        Optional<Fault> worst = faults.stream().filter(Fault::never).findFirst();
        return worst.isPresent()
                ? Gates.closed(ID, title, detail, remedy, worst.get().cost())
                : Gates.closedFor(
                        ID,
                        title,
                        detail,
                        remedy,
                        String.join(
                                " ",
                                new TreeSet<>(faults.stream().map(Fault::cost).toList())),
                        detail);
    }

    private void ask(Plan plan, Pooler pooler, Side side, SqlLog log, List<Fault> faults, List<String> well) {
        String who = pooler.words();
        PoolerConsole.Reading reading;
        try (var console =
                PoolerConsole.open(new Endpoint(pooler.console(), passwords.of(pooler.console())), side, log)) {
            reading = console.read(pooler.database());
        } catch (SQLException e) {
            faults.add(new Fault(
                    who + " does not answer: " + SqlFailure.state(e) + " " + e.getMessage(),
                    "See that its console can be reached and that its password is known, or take it out of the options.",
                    NEEDED,
                    true));
            return;
        }
        if (!reading.admin()) {
            faults.add(new Fault(
                    pooler.console().user() + " may not pause " + who,
                    "Add the user to admin_users in pgbouncer.ini and RELOAD.",
                    NEEDED,
                    true));
        }
        if (reading.pointsTo().isEmpty()) {
            faults.add(new Fault(
                    who + " has no database " + pooler.database(),
                    "Name the database as its clients do.",
                    NEEDED,
                    true));
        }
        if (reading.paused()) {
            faults.add(new Fault(
                    who + " keeps the clients of " + pooler.database() + " waiting already",
                    "RESUME " + pooler.database() + "; on its console.",
                    "Its clients are let go on after the cutover, whoever had them wait.",
                    false));
        }
        if (reading.poolMode().equals("session")) {
            faults.add(new Fault(
                    who + " pools by session: PAUSE waits until every client has left",
                    "Use pool_mode = transaction, or take it out of the options.",
                    "Unless all its clients leave in time everything is undone, after short pauses.",
                    false));
        }
        Duration limit = reading.waitingLimit();
        if (limit.isPositive() && limit.compareTo(plan.deadline()) < 0) {
            faults.add(new Fault(
                    who + " disconnects a client that waits for " + limit.toSeconds()
                            + " s, which is before the deadline",
                    "Raise query_wait_timeout, or lower the deadline.",
                    "Clients may see an error instead of a wait.",
                    false));
        }
        well.add(who + ": " + pooler.database() + " at " + reading.pointsTo().orElse("") + ", " + reading.poolMode()
                + " pooling, " + reading.clients() + " clients");
    }
}
