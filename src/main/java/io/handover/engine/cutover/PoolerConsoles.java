package io.handover.engine.cutover;

import io.handover.engine.step.StepContext;
import io.handover.model.Endpoint;
import io.handover.model.PasswordLookup;
import io.handover.model.Pooler;
import io.handover.model.Side;
import io.handover.pg.PoolerConsole;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The consoles of the plan's PgBouncers, each connected when it is first needed. One thread.
final class PoolerConsoles implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PoolerConsoles.class.getName());

    /// How long a console that does not answer is asked for RESUME: PgBouncer may just be starting again.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final StepContext with;
    private final Side from;
    private final PasswordLookup passwords;
    private final List<Pooler> poolers;
    private final Map<Pooler, PoolerConsole> open = new HashMap<>();
    private final Map<Pooler, String> before = new HashMap<>();

    /// @param from the side whose clients wait
    PoolerConsoles(StepContext with, Side from, PasswordLookup passwords) {
        this.with = with;
        this.from = from;
        this.passwords = passwords;
        this.poolers = with.plan().poolers();
    }

    boolean none() {
        return poolers.isEmpty();
    }

    /// Connects to all.
    void connect() throws Setback {
        for (Pooler pooler : poolers) {
            try {
                console(pooler).pointsTo(pooler.database()).ifPresent(to -> before.put(pooler, to));
            } catch (SQLException e) {
                forget(pooler);
                throw new Setback(CutoverProblems.poolerSilent(pooler, why(e)), e);
            }
        }
    }

    /// Pauses all.
    ///
    /// @param limit for each
    /// @return false if one of them had not paused by then; some clients wait then
    boolean pause(Duration limit) throws Setback {
        for (Pooler pooler : poolers) {
            try {
                if (!console(pooler).pause(pooler.database(), limit)) {
                    forget(pooler);
                    return false;
                }
            } catch (SQLException e) {
                forget(pooler);
                throw new Setback(CutoverProblems.poolerSilent(pooler, why(e)), e);
            }
        }
        return true;
    }

    /// What became of letting all go on.
    ///
    /// @param went  whose clients had waited, and where they go
    /// @param notes what people must know
    /// @param deaf  those that did not hear it
    record Resumed(List<String> went, List<String> notes, List<Pooler> deaf) {

        /// Whether nobody waits any more.
        boolean all() {
            return deaf.isEmpty();
        }
    }

    /// Lets all clients go on, whoever had them wait. A console that does not answer is asked again for a while.
    ///
    /// @param switched whether they are to go where the configuration points now: it is read again
    Resumed resume(boolean switched) throws InterruptedException {
        var result = new Resumed(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Pooler pooler : poolers) {
            resume(pooler, switched, result);
        }
        return result;
    }

    private void resume(Pooler pooler, boolean switched, Resumed result) throws InterruptedException {
        String why = "";
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (boolean first = true; first || System.nanoTime() < end; first = false) {
            if (!first) {
                SessionsEnd.rest(BETWEEN.toMillis());
            }
            try {
                PoolerConsole console = console(pooler);
                if (switched) {
                    console.reload();
                }
                String now = console.pointsTo(pooler.database()).orElse("nowhere");
                if (console.resume(pooler.database())) {
                    result.went().add(pooler.database() + " to " + now);
                }
                if (switched && now.equals(before.get(pooler))) {
                    result.notes().add(pointsToWhereItDid(pooler, now));
                }
                return;
            } catch (SQLException e) {
                forget(pooler);
                why = why(e);
            }
        }
        result.deaf().add(pooler);
        result.notes()
                .add("ATTENTION: " + pooler.words() + " could not be told to let the clients of " + pooler.database()
                        + " go on (" + why + "). They wait until Handover is started again, or somebody says on its"
                        + " console: " + (switched ? "RELOAD; " : "") + "RESUME " + pooler.database() + ";");
    }

    /// What to say where nobody lets the clients go on for now.
    List<String> waiting() {
        return poolers.stream()
                .map(pooler -> "ATTENTION: " + pooler.words() + " may keep the clients of " + pooler.database()
                        + " waiting. Retry lets them go on; by hand, on its console: RESUME " + pooler.database() + ";")
                .toList();
    }

    private String pointsToWhereItDid(Pooler pooler, String now) {
        return "ATTENTION: " + pooler.words() + " sends the clients of " + pooler.database() + " to " + now
                + " as before. If that is not the " + from.other().word()
                + " by now, change its configuration and say RELOAD on its console.";
    }

    private PoolerConsole console(Pooler pooler) throws SQLException {
        PoolerConsole there = open.get(pooler);
        if (there == null) {
            var endpoint = new Endpoint(pooler.console(), passwords.of(pooler.console()));
            there = PoolerConsole.open(endpoint, from, with.server(from).log());
            open.put(pooler, there);
        }
        return there;
    }

    private void forget(Pooler pooler) {
        Optional.ofNullable(open.remove(pooler)).ifPresent(PoolerConsoles::close);
    }

    private static String why(SQLException e) {
        return SqlFailure.state(e) + " " + e.getMessage();
    }

    private static void close(PoolerConsole console) {
        try {
            console.close();
        } catch (SQLException e) {
            LOG.log(Level.FINE, "A console of PgBouncer was gone already", e);
        }
    }

    /// Lets go of the consoles; whoever waits goes on waiting.
    @Override
    public void close() {
        open.values().forEach(PoolerConsoles::close);
        open.clear();
    }
}
