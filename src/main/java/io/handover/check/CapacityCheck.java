package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ServerFacts;
import java.util.ArrayList;
import java.util.List;

/// Free replication slots, WAL senders, logical workers and connections on both servers.
final class CapacityCheck implements Check {

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            ServerFacts facts = with.facts(side);
            need(findings, side, "replication slots", "max_replication_slots", facts.maxSlots() - facts.usedSlots(), 1);
            need(findings, side, "WAL senders", "max_wal_senders", facts.maxSenders() - facts.usedSenders(), 2);
            need(
                    findings,
                    side,
                    "logical replication workers",
                    "max_logical_replication_workers",
                    facts.maxLogicalWorkers() - facts.usedLogicalWorkers(),
                    1);
            need(
                    findings,
                    side,
                    "connections",
                    "max_connections",
                    facts.maxConnections() - facts.usedConnections(),
                    with.plan().workers() + 8);
        }
        spare(findings, with.facts(Side.SOURCE), with.facts(Side.TARGET));
        return findings;
    }

    /// An interrupted copy is carried on by PostgreSQL's table synchronisation, which takes a slot on the source and a
    /// worker on the target beside those of the stream.
    private void spare(List<Finding> findings, ServerFacts source, ServerFacts target) {
        String why = "The migration itself can do without. But if its copy were interrupted, the tables that are left"
                + " could not be brought, and the copy would have to begin anew.";
        if (source.maxSlots() - source.usedSlots() == 1) {
            findings.add(Findings.warning(
                    name(),
                    Side.SOURCE,
                    "Only one replication slot is free on the source",
                    why,
                    "Raise max_replication_slots by 1 or more and restart the server, or free one."));
        }
        if (target.maxLogicalWorkers() - target.usedLogicalWorkers() == 1) {
            findings.add(Findings.warning(
                    name(),
                    Side.TARGET,
                    "Only one logical replication worker is free on the target",
                    why,
                    "Raise max_logical_replication_workers by 1 or more and restart the server, or free one."));
        }
    }

    private void need(List<Finding> findings, Side side, String what, String setting, int free, int needed) {
        if (free < needed) {
            findings.add(Findings.blocker(
                    name(),
                    side,
                    free + " free " + what + " on the " + side.word() + ", " + needed + " are needed",
                    "The migration would stop half way when the server runs out of them.",
                    "Raise " + setting + " by at least " + (needed - free) + " and restart the server, or free some."));
        }
    }
}
