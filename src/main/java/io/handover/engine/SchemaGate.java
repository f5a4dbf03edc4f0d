package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.closedFor;
import static io.handover.engine.Gates.open;

import io.handover.engine.step.SchemaComparison;
import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.SchemaDifference;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Server;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Whether the other side has all of the owner's schema, as both are now: an index may be dropped, or a constraint be
/// made on one side only, long after the rows were compared. What it has in addition is no fault.
///
/// Both schemas of 5,000 tables with three indexes each are read in four seconds, two processors shared: so that
/// is done now and then, beside the regular readings, and whenever the cutover itself asks.
final class SchemaGate {

    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int SHARE = 50;
    private static final Duration LOCK = Duration.ofSeconds(2);
    private static final int NAMED = 4;
    private static final String ID = "same-schema";

    private final Side owner;
    private final Instant comparison;
    private final long until;
    private final List<SchemaDifference> lacks;

    /// @param comparison when the last one had begun
    /// @param until      until when it need not be asked again, by `System.nanoTime`
    private SchemaGate(Side owner, Instant comparison, long until, List<SchemaDifference> found) {
        this.owner = owner;
        this.comparison = comparison;
        this.until = until;
        this.lacks =
                found.stream().filter(difference -> difference.isLack(owner)).toList();
    }

    /// As the last comparison has found it.
    ///
    /// @return empty if none of this direction has ended
    static Optional<SchemaGate> of(Side owner, Optional<VerifyReport> verification) {
        return verification
                .filter(v -> v.finished() && v.owner() == owner)
                .map(v -> new SchemaGate(owner, v.startedAt(), System.nanoTime() + REST_NANOS, v.schema()));
    }

    /// As it is now; the last comparison stays the same.
    ///
    /// @param from the side that would hand over
    /// @throws SQLException also if somebody holds a lock on a table for long
    SchemaGate now(Plan plan, Server from, Server to) throws SQLException {
        long began = System.nanoTime();
        List<SchemaDifference> found;
        try (DbSession here = from.open("schema");
                DbSession there = to.open("schema")) {
            Durability.lockTimeout(here, LOCK);
            Durability.lockTimeout(there, LOCK);
            found = SchemaComparison.of(here.jdbc(), there.jdbc(), plan, owner);
        }
        long end = System.nanoTime();
        return new SchemaGate(owner, comparison, end + Math.max(REST_NANOS, (end - began) * SHARE), found);
    }

    /// Whether no other comparison has ended since that of `other`.
    boolean asLateAs(SchemaGate other) {
        return owner == other.owner && comparison.equals(other.comparison);
    }

    /// Whether it is time to look again.
    boolean due() {
        return System.nanoTime() - until > 0;
    }

    /// Where both sides were not compared yet.
    static GateReading unknown(Side owner) {
        return closed(
                ID,
                title(owner),
                "not yet compared in this direction",
                "Verify first: it compares the schemas too.",
                "What is missing there is not known.");
    }

    GateReading reading() {
        return lacks.isEmpty()
                ? open(ID, title(owner), "no difference")
                : closedFor(
                        ID,
                        title(owner),
                        lacks.size() + (lacks.size() == 1 ? " difference: " : " differences: ") + named(lacks),
                        "Verify again: then the Verify page shows both definitions. Make them the same.",
                        "No row is lost, but the application finds this missing or otherwise on the "
                                + owner.other().word()
                                + ": without an index it is slow, without a constraint or trigger"
                                + " it may write what was refused before.",
                        owner.word() + ": " + fingerprint(lacks));
    }

    private static String title(Side owner) {
        return "The " + owner.other().word() + " has the same schema";
    }

    private static String named(List<SchemaDifference> lacks) {
        return lacks.stream().limit(NAMED).map(d -> d.kind() + " " + d.object()).collect(Collectors.joining(", "))
                + (lacks.size() > NAMED ? " and " + (lacks.size() - NAMED) + " more" : "");
    }

    /// Of every difference with both definitions: one more, one less or another is another finding.
    private static String fingerprint(List<SchemaDifference> lacks) {
        try {
            var sum = MessageDigest.getInstance("SHA-256");
            for (SchemaDifference lack : lacks) {
                for (String part : List.of(lack.kind(), lack.object(), lack.source(), lack.target())) {
                    sum.update(part.getBytes(StandardCharsets.UTF_8));
                    sum.update((byte) 0); // no name or definition has one
                }
            }
            return HexFormat.of().formatHex(sum.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
