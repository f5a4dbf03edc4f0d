package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ReachProbe;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Each server must really reach the other: the target pulls the changes, and after the cutover the source does.
final class ReachCheck implements Check {

    @Override
    public String name() {
        return "servers-reach-each-other";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (Side follower : List.of(Side.TARGET, Side.SOURCE)) {
            Side owner = follower.other();
            if (!with.facts(follower).canSubscribe()) {
                continue; // the rights' check says so; trying could only fail
            }
            try (var session = with.server(follower).open("probe")) {
                var result = ReachProbe.run(
                        session,
                        with.server(owner),
                        with.plan().id(),
                        with.plan().reach(owner),
                        with.facts(follower).major());
                if (result instanceof ReachProbe.Result.Refused(String state, String reason)) {
                    findings.add(unreachable(follower, owner, state + " " + reason));
                }
                if (result instanceof ReachProbe.Result.NotPermitted(String reason)) {
                    findings.add(unreachable(follower, owner, reason));
                }
            }
        }
        return findings;
    }

    private Finding unreachable(Side follower, Side owner, String reason) {
        return Findings.blocker(
                name(),
                follower,
                "The " + follower.word() + " does not reach the " + owner.word() + ": " + reason,
                follower == Side.TARGET
                        ? "The target pulls the changes from the source; without a connection nothing streams."
                        : "After the cutover the source follows the target; without a connection there is no way back.",
                "Let the " + follower.word() + "'s address in at the " + owner.word() + " (firewall, listen_addresses, "
                        + "pg_hba.conf), or give the address by which it is seen from there.");
    }
}
