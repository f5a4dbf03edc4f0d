package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ServerFacts;
import java.util.ArrayList;
import java.util.List;

/// The target must not be older than the source, and both must be versions that logical replication serves.
final class VersionsCheck implements Check {

    @Override
    public String name() {
        return "versions";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        ServerFacts source = with.sourceFacts();
        ServerFacts target = with.targetFacts();
        var findings = new ArrayList<Finding>();
        if (source.major() < 10) {
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "The source is PostgreSQL " + source.version(),
                    "Logical replication came with PostgreSQL 10; an older source cannot be followed.",
                    "Upgrade the source to 10 or later first."));
        }
        if (source.major() == 10) {
            findings.add(Findings.warning(
                    name(),
                    Side.SOURCE,
                    "PostgreSQL " + source.version() + " does not pass TRUNCATE on",
                    "Rows that a TRUNCATE removes stay on the other side, before the cutover and on the way back."
                            + " A cutover is refused where a table was truncated since both sides were compared.",
                    "Let the application and its jobs use DELETE until the old database is retired, or verify and"
                            + " repair after each TRUNCATE."));
        }
        if (target.major() < 12) {
            findings.add(Findings.blocker(
                    name(),
                    Side.TARGET,
                    "The target is PostgreSQL " + target.version(),
                    "Handover moves to PostgreSQL 12 or later.",
                    "Choose a newer server as the target."));
        }
        if (target.major() < source.major()) {
            findings.add(Findings.blocker(
                    name(),
                    Side.TARGET,
                    "The target (" + target.version() + ") is older than the source (" + source.version() + ")",
                    "A schema of a newer version need not fit an older server.",
                    "Choose a target of version " + source.major() + " or later."));
        }
        return findings;
    }
}
