package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.SeenBefore;
import io.handover.model.Side;
import io.handover.model.StreamSeen;
import io.handover.model.VerifyReport;
import io.handover.pg.StreamChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether the stream still brings everything, and has done so ever since both sides were compared: a slot that
/// was made anew, a transaction that was skipped or a publication that leaves something out cost rows, and lag shows
/// none of it.
final class StreamGate {

    private static final String TITLE = "The stream was left alone since both sides were compared";

    private StreamGate() {}

    /// Nothing where no comparison of this direction has ended: another gate says so.
    ///
    /// @param owner the side that would hand over
    /// @param from  a connection to it
    /// @param to    one to the other side
    static List<GateReading> read(
            Plan plan, Side owner, Optional<VerifyReport> verification, Connection from, Connection to)
            throws SQLException {
        Optional<SeenBefore> seen =
                verification.filter(v -> v.finished() && v.owner() == owner).flatMap(VerifyReport::seen);
        if (seen.isEmpty()) {
            return List.of();
        }
        String stream = plan.id().publication(owner);
        List<String> leavesOut = StreamChanges.leavesOut(from, to, stream);
        if (!leavesOut.isEmpty()) {
            return List.of(shut(
                    "it leaves something out",
                    "On the " + owner.word() + " what is about the publication, on the "
                            + owner.other().word() + " what is about the subscription: " + String.join(" ", leavesOut)
                            + " Then verify again."));
        }
        var changes = new ArrayList<String>();
        Optional<StreamSeen> then = seen.get().stream();
        if (then.isEmpty()) {
            changes.add("the comparison was made by an older version, which did not note how the stream stood");
        } else {
            changes.addAll(StreamChanges.since(
                    from,
                    to,
                    stream,
                    then.get(),
                    seen.get().of(owner),
                    seen.get().of(owner.other())));
        }
        return List.of(
                changes.isEmpty()
                        ? open("unbroken", TITLE, "as it was")
                        : shut(String.join("; ", changes), "Verify again."));
    }

    private static GateReading shut(String what, String remedy) {
        return closed(
                "unbroken",
                TITLE,
                what,
                remedy,
                "Rows may have been left out without an error and without any lag, and nobody would know.");
    }
}
