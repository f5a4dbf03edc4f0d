package io.handover.report;

import io.handover.model.MigrationState;
import io.handover.model.Operator;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import io.handover.model.VerifyReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The report for scripts.
///
/// @param writtenAt    now
/// @param comparedBy   who had both sides compared; empty if nobody had, or it was not recorded
/// @param missed       how likely it is that a difference was not seen
/// @param complete     true if both sides were compared and nothing was left out
/// @param notCompared  what was left out and why, one line each
/// @param migration    what happened
/// @param statements   what was changed on the servers, by whichever computer, passwords masked
/// @param missingStatements whose statements are not among them, one sentence each
/// @param fingerprint  of all the rest, see `Fingerprint`
public record ReportJson(
        Instant writtenAt,
        Optional<Operator> comparedBy,
        String missed,
        boolean complete,
        List<String> notCompared,
        MigrationState migration,
        List<SqlRecord> statements,
        List<String> missingStatements,
        String fingerprint) {

    /// What the comparison's hash promises; worked out where it is made.
    static final String MISSED = "At most 2^-63 (one in 9 · 10^18) for a row changed by accident: rows are"
            + " compared by count and by the sum of their 64-bit hashes. The hash is no protection against somebody who"
            + " forges rows on purpose.";

    static final String NEVER = "The two sides were never compared.";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// Copies both lists.
    public ReportJson {
        notCompared = List.copyOf(notCompared);
        statements = List.copyOf(statements);
        missingStatements = List.copyOf(missingStatements);
    }

    /// Writes it.
    public static String json(MigrationState state, StatementLog statements, Instant at) {
        return of(state, statements, at).text();
    }

    /// Makes it, fingerprint included.
    static ReportJson of(MigrationState state, StatementLog statements, Instant at) {
        Optional<VerifyReport> comparison = state.verification();
        List<String> left = comparison.map(VerifyReport::allNotCompared).orElse(List.of(NEVER));
        var bare = new ReportJson(
                at,
                comparison.flatMap(VerifyReport::by),
                MISSED,
                left.isEmpty() && comparison.filter(VerifyReport::finished).isPresent(),
                left,
                state,
                statements.run(),
                statements.missing(),
                "");
        return new ReportJson(
                at,
                bare.comparedBy,
                MISSED,
                bare.complete,
                left,
                state,
                bare.statements,
                bare.missingStatements,
                Fingerprint.of(bare.text()));
    }

    /// As text, indented.
    String text() {
        return MAPPER.writeValueAsString(this);
    }
}
