package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import io.handover.pg.ServerFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The slot keeps WAL on the source until the target has caught up.
final class WalRoomCheck implements Check {

    @Override
    public String name() {
        return "wal-room";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        ServerFacts source = with.sourceFacts();
        if (source.major() >= 13 && source.slotWalLimit() < 0) {
            findings.add(Findings.note(
                    name(),
                    Side.SOURCE,
                    "max_slot_wal_keep_size is not set",
                    "While the baseline is copied the source keeps its log for the target, without limit: watch its disk."
                            + " With a limit, the stream breaks rather than the disk filling."));
        } else if (source.slotWalLimit() >= 0) {
            findings.add(
                    Findings.warning(
                            name(),
                            Side.SOURCE,
                            "max_slot_wal_keep_size is " + source.slotWalLimit() / 1_048_576 + " MB",
                            "If the source writes more than that before the target has caught up, the slot is lost and the copy"
                                    + " starts over.",
                            "Raise it for the migration: alter system set max_slot_wal_keep_size = …; select pg_reload_conf()"));
        }
        List<String> idle = SchemaFacts.idleSlots(with.onSource());
        if (!idle.isEmpty()) {
            findings.add(Findings.warning(
                    name(),
                    Side.SOURCE,
                    "Idle replication slots: " + String.join(", ", idle),
                    "Each keeps log on the source's disk for a follower that is not there.",
                    "select pg_drop_replication_slot('…') for those nobody needs"));
        }
        return findings;
    }
}
