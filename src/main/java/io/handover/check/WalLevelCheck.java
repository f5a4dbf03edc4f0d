package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ServerFacts;
import java.util.ArrayList;
import java.util.List;

/// Both servers need `wal_level = logical`: the source for the stream, the target for the way back.
final class WalLevelCheck implements Check {

    @Override
    public String name() {
        return "wal-level";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            ServerFacts facts = with.facts(side);
            boolean enough = facts.walLevel().equals("logical")
                    || (facts.major() >= 19 && facts.walLevel().equals("replica"));
            if (!enough) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        "wal_level is " + facts.walLevel() + " on the " + side.word(),
                        side == Side.SOURCE
                                ? "Without logical WAL the source cannot be followed."
                                : "Without logical WAL on the target there is no way back after the cutover.",
                        "alter system set wal_level = 'logical';\n-- then restart the server (a reload is not enough);"
                                + " managed services: rds.logical_replication = 1, cloudsql.logical_decoding = on"));
            }
        }
        return findings;
    }
}
