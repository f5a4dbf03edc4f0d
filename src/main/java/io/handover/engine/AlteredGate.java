package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.SeenBefore;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.VerifyReport;
import io.handover.pg.AlteredTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether the last comparison still speaks of the tables as they are: no stream carries what altering a table does to
/// its rows, on either side.
final class AlteredGate {

    private static final String TITLE = "No table was altered since both sides were compared";
    private static final int NAMED = 4;

    private AlteredGate() {}

    /// Nothing where no comparison of this direction has ended: another gate says so.
    ///
    /// @param owner the side that would hand over
    /// @param from  a connection to it
    /// @param to    one to the other side
    static List<GateReading> read(
            Plan plan, Side owner, Optional<VerifyReport> verification, Connection from, Connection to)
            throws SQLException {
        Optional<VerifyReport> done = verification.filter(v -> v.finished() && v.owner() == owner);
        if (done.isEmpty()) {
            return List.of();
        }
        if (done.get().seen().isEmpty()) {
            return List.of(shut("it was made by an older version, which did not note it"));
        }
        List<String> altered = altered(plan, owner, done, from, to);
        return List.of(altered.isEmpty() ? open("unaltered", TITLE, "none") : shut(String.join("; ", altered)));
    }

    /// For each side where tables were altered since the last comparison of this direction a line that names some;
    /// empty as well where there is none to go by.
    static List<String> altered(
            Plan plan, Side owner, Optional<VerifyReport> verification, Connection from, Connection to)
            throws SQLException {
        Optional<SeenBefore> seen =
                verification.filter(v -> v.finished() && v.owner() == owner).flatMap(VerifyReport::seen);
        var altered = new ArrayList<String>();
        if (seen.isPresent()) {
            named(plan, owner, AlteredTables.since(from, seen.get().of(owner))).ifPresent(altered::add);
            named(plan, owner.other(), AlteredTables.since(to, seen.get().of(owner.other())))
                    .ifPresent(altered::add);
        }
        return altered;
    }

    private static Optional<String> named(Plan plan, Side side, Set<TableRef> altered) {
        var concerned = new TreeSet<TableRef>();
        altered.stream().filter(plan.scope()::includes).forEach(concerned::add);
        return concerned.isEmpty()
                ? Optional.empty()
                : Optional.of("on the " + side.word() + " "
                        + concerned.stream().limit(NAMED).map(TableRef::display).collect(Collectors.joining(", "))
                        + (concerned.size() > NAMED ? " and " + (concerned.size() - NAMED) + " more" : ""));
    }

    private static GateReading shut(String what) {
        return closed(
                "unaltered",
                TITLE,
                what,
                "Verify again.",
                "What altering a table does to its rows is in no stream: they may differ, and nobody would know.");
    }
}
