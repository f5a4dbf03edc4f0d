package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.SchemaFacts;
import io.handover.pg.ServerFacts;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What the two roles may do: publish, replicate, read, subscribe, freeze.
final class RightsCheck implements Check {

    @Override
    public String name() {
        return "rights";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            ServerFacts facts = with.facts(side);
            if (!facts.replication()) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        facts.role() + " may not replicate from the " + side.word(),
                        side == Side.SOURCE ? "Slot and stream need it." : "Slot and stream of the way back need it.",
                        "alter role " + SqlNames.quoted(facts.role()) + " replication"));
            }
            if (!facts.createInDatabase()) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        facts.role() + " may not create schemas or publications on the " + side.word(),
                        "Handover keeps its state in a schema of its own, and publishes the tables.",
                        "grant create on database "
                                + SqlNames.quoted(with.plan().profile(side).database()) + " to "
                                + SqlNames.quoted(facts.role())));
            }
            if (!facts.canSubscribe()) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        facts.role() + " may not create subscriptions on the " + side.word(),
                        side == Side.TARGET
                                ? "The target follows the source by a subscription."
                                : "The way back is a subscription on the source.",
                        facts.major() >= 16
                                ? "grant pg_create_subscription to " + SqlNames.quoted(facts.role())
                                : "Before version 16 only a superuser may; connect as one."));
            }
            if (!facts.ownsDatabase() && !facts.superuser()) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        facts.role() + " does not own the database on the " + side.word(),
                        "The freeze makes the database read-only by default, which only its owner may do.",
                        "alter database "
                                + SqlNames.quoted(with.plan().profile(side).database()) + " owner to "
                                + SqlNames.quoted(facts.role())));
            }
            if (!facts.canSignal()) {
                findings.add(Findings.warning(
                        name(),
                        side,
                        facts.role() + " may not end other roles' sessions on the " + side.word(),
                        "At the cutover, sessions that still wait must be ended; those of other roles could not be.",
                        "grant pg_signal_backend to " + SqlNames.quoted(facts.role())));
            } else if (!facts.superuser()) {
                findings.add(Findings.note(
                        name(),
                        side,
                        facts.role() + " cannot end superusers' sessions on the " + side.word(),
                        "If a superuser's session writes at the cutover, the cutover is undone."));
            }
        }
        tables(findings, "may not read", SchemaFacts.unreadableTables(with.onSource()), "Their rows would be missing.");
        tables(
                findings,
                "does not own",
                SchemaFacts.foreignOwnedTables(with.onSource()),
                "Only an owner can publish and freeze a table.");
        return findings;
    }

    private void tables(List<Finding> findings, String what, List<TableRef> tables, String why) {
        if (!tables.isEmpty()) {
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "The role " + what + " " + Findings.names(tables),
                    why,
                    "Grant it membership in the owning role, or connect as the owner."));
        }
    }
}
