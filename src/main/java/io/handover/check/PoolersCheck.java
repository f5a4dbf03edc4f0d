package io.handover.check;

import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.Pooler;
import io.handover.model.Side;
import io.handover.pg.PoolerConsole;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the plan's PgBouncers can hold their clients back at the cutover: asked of each console.
/// Nothing of it keeps a
/// migration from being begun; the gate of the same name keeps it from being cut over.
final class PoolersCheck implements Check {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    @Override
    public String name() {
        return "pgbouncer";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        var found = new ArrayList<Finding>();
        for (Pooler pooler : with.plan().poolers()) {
            var endpoint = new Endpoint(pooler.console(), with.consoles().of(pooler.console()));
            try (var console =
                    PoolerConsole.open(endpoint, Side.SOURCE, with.source().log())) {
                judge(with, pooler, console.read(pooler.database()), found);
            } catch (SQLException e) {
                found.add(warning(
                        pooler.words() + " does not answer: " + SqlFailure.state(e) + " " + e.getMessage(),
                        "The cutover pauses it first, and is refused while it cannot be told.",
                        "See that its console can be reached from here and that the password of "
                                + pooler.console().user() + " is known, or take it out of the plan."));
            }
        }
        return found;
    }

    private void judge(CheckContext with, Pooler pooler, PoolerConsole.Reading reading, List<Finding> found) {
        String who = pooler.words();
        String database = pooler.database();
        if (!reading.admin()) {
            found.add(warning(
                    pooler.console().user() + " may not pause " + who,
                    "The cutover pauses it first, and is refused while that is not allowed.",
                    "Add " + pooler.console().user() + " to admin_users in pgbouncer.ini and RELOAD."));
        }
        if (reading.pointsTo().isEmpty()) {
            found.add(warning(
                    who + " has no database " + database,
                    "The cutover would have nobody wait, and is refused.",
                    "Name the database as its clients do; SHOW DATABASES on its console lists them."));
        }
        String source = with.plan().source().database();
        reading.pointsTo()
                .filter(to -> !to.endsWith("/" + source))
                .ifPresent(to -> found.add(warning(
                        who + " sends the clients of " + database + " to " + to
                                + ", which is not the source's database " + source,
                        "Clients of another database would wait, and those of the source would not.",
                        "Name the database whose clients use " + source + ".")));
        if (reading.paused()) {
            found.add(warning(
                    who + " keeps the clients of " + database + " waiting",
                    "Nobody can work through it now, and the cutover lets them go on, whoever had them wait.",
                    "RESUME " + database + "; on its console."));
        }
        if (reading.poolMode().equals("session")) {
            found.add(
                    warning(
                            who + " pools " + database + " by session",
                            "PAUSE waits until every client has left, so a cutover would be undone after short pauses.",
                            "Use pool_mode = transaction if the application can do with it, or take PgBouncer out of the plan."));
        }
        Duration limit = reading.waitingLimit();
        if (limit.isPositive() && limit.compareTo(with.plan().deadline()) < 0) {
            found.add(warning(
                    who + " disconnects a client that waits for " + limit.toSeconds() + " s",
                    "That is before the deadline of " + with.plan().deadline().toSeconds()
                            + " s: clients may see an error instead of a wait.",
                    "Raise query_wait_timeout and RELOAD, or lower the deadline."));
        }
        if (untried(reading.version())) {
            found.add(warning(
                    who + " is " + (reading.version().isEmpty() ? "of an unknown version" : reading.version()),
                    "Handover was never tried with one older than 1.12.",
                    "Update PgBouncer, or rehearse PAUSE and RESUME of " + database + " on its console first."));
        }
    }

    /// True for versions before 1.12, and for what is none.
    static boolean untried(String version) {
        Matcher numbers = VERSION.matcher(version);
        return !numbers.find()
                || Integer.parseInt(numbers.group(1)) < 1
                || (Integer.parseInt(numbers.group(1)) == 1 && Integer.parseInt(numbers.group(2)) < 12);
    }

    private Finding warning(String title, String why, String remedy) {
        return Findings.warning(name(), Side.SOURCE, title, why, remedy);
    }
}
