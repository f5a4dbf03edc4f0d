package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.closedFor;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// The condition of one cutover that the last comparison alone answers; `GateQuestions` says what of it can be
/// overridden and why.
///
/// @param owner        the side that would hand over
/// @param verification the last comparison, finished or not
/// @param last         the comparison whose open rows a cutover would settle
/// @param now          this machine's clock
record ComparisonGates(Side owner, Optional<VerifyReport> verification, LastComparison last, Instant now) {

    private static final Duration VERIFIED = Duration.ofDays(1);

    /// Both sides were proved equal not long ago.
    GateReading proved() {
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

    private Optional<VerifyReport> done() {
        return verification.filter(v -> v.finished() && v.owner() == owner);
    }
}
