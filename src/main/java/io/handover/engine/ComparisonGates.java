package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.closedFor;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.SchemaDifference;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The conditions of one cutover that the last comparison answers; `GateQuestions` says which can be overridden and
/// why.
///
/// @param owner        the side that would hand over
/// @param verification the last comparison, finished or not
/// @param last         the comparison whose open rows a cutover would settle
/// @param now          this machine's clock
record ComparisonGates(Side owner, Optional<VerifyReport> verification, LastComparison last, Instant now) {

    private static final Duration VERIFIED = Duration.ofDays(1);
    private static final int NAMED = 4;

    /// All of them, in the order they are shown.
    List<GateReading> all() {
        return List.of(proved(), sameSchema());
    }

    /// Both sides were proved equal not long ago.
    private GateReading proved() {
        String title = "Both sides were proved equal";
        Optional<VerifyReport> done = done();
        if (done.isEmpty()) {
            return closed(
                    "verified",
                    title,
                    "not yet compared in this direction",
                    "Verify first.",
                    "Rows that are missing there would be missed by nobody until it is too late.");
        }
        VerifyReport report = done.get();
        if (!report.passed()) {
            return closed(
                    "verified",
                    title,
                    report.differences() + " rows differ",
                    "Look at the differences on the Verify page, mend them, verify again.",
                    "The wrong rows would become the truth.");
        }
        if (!last.covers(report)) {
            return closed(
                    "verified",
                    title,
                    "rows that were changing were left open, and which ones is forgotten: the app was restarted since",
                    "Verify again: the cutover settles what is left open only while the app keeps running.",
                    "Nobody would ever compare these rows.");
        }
        Duration age = Duration.between(report.startedAt(), now);
        return age.compareTo(VERIFIED) > 0
                ? closedFor(
                        "verified",
                        title,
                        "that was " + age.toHours() + " hours ago",
                        "Verify again.",
                        "What the stream carries arrives all the same. What somebody else has changed on the "
                                + owner.other().word() + " since is not seen before the next comparison.",
                        owner.word() + ", " + report.startedAt() + ", " + age.toDays() + " days old")
                : open("verified", title, String.format(Locale.ROOT, "%,d rows, %s", report.rows(), ago(age)));
    }

    private static String ago(Duration age) {
        return switch ((int) age.toMinutes()) {
            case 0 -> age.toSeconds() + " s ago";
            case 1 -> "1 minute ago";
            default -> age.toMinutes() + " minutes ago";
        };
    }

    /// The other side has all of the owner's schema. What it has in addition is no fault.
    private GateReading sameSchema() {
        String title = "The " + owner.other().word() + " has the same schema";
        Optional<VerifyReport> done = done();
        if (done.isEmpty()) {
            return closed(
                    "same-schema",
                    title,
                    "not yet compared in this direction",
                    "Verify first: it compares the schemas too.",
                    "What is missing there is not known.");
        }
        List<SchemaDifference> lacks = done.get().schema().stream()
                .filter(difference -> difference.isLack(owner))
                .toList();
        return lacks.isEmpty()
                ? open("same-schema", title, "no difference when both sides were compared last")
                : closedFor(
                        "same-schema",
                        title,
                        lacks.size() + (lacks.size() == 1 ? " difference: " : " differences: ") + named(lacks),
                        "The Verify page shows both definitions: make them the same, then verify again.",
                        "No row is lost, but the application finds this missing or otherwise on the "
                                + owner.other().word()
                                + ": without an index it is slow, without a constraint or trigger"
                                + " it may write what was refused before.",
                        owner.word() + ": " + fingerprint(lacks));
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

    private Optional<VerifyReport> done() {
        return verification.filter(v -> v.finished() && v.owner() == owner);
    }
}
