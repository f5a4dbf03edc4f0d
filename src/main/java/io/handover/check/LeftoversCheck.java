package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.pg.Leftovers;
import io.handover.pg.SchemaClaim;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Neither database takes part in another migration, and nothing of an earlier, broken-off one is in the way.
final class LeftoversCheck implements Check {

    @Override
    public String name() {
        return "leftovers";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            Optional<MigrationId> other =
                    SchemaClaim.other(with.on(side), side, with.plan().id());
            if (other.isPresent()) {
                findings.add(taken(with, side, other.get()));
                continue;
            }
            List<String> there = SchemaFacts.handoverObjects(with.on(side)).stream()
                    .filter(o -> !o.contains(with.plan().id().value()) && !o.equals("schema handover"))
                    .toList();
            if (!there.isEmpty()) {
                findings.add(Findings.warning(
                        name(),
                        side,
                        "Left by an earlier migration on the " + side.word() + ": " + String.join(", ", there),
                        "A forgotten slot keeps the log and fills the disk.",
                        "Discard that migration, or drop these objects by hand."));
            }
        }
        return findings;
    }

    private Finding taken(CheckContext with, Side side, MigrationId other) throws SQLException {
        return Findings.blocker(
                name(),
                side,
                "The " + side.word() + " takes part in another migration already: " + other,
                "Two migrations of one database would undo each other's work: when one ends, writers get back into the"
                        + " old database of the other, and replica identities go that its stream needs. Retire or discard"
                        + " that one first, where it is driven from.",
                "-- only if nobody has that migration any more, and this database owns its data;\n"
                        + "-- handover.identity_before says which replica identities to put back\n"
                        + String.join(";\n", Leftovers.find(with.on(side), other)) + ";");
    }
}
