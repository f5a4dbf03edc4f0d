package io.handover.report;

import io.handover.model.MigrationState;
import io.handover.model.SqlRecord;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The report for scripts.
///
/// @param writtenAt  now
/// @param migration  what happened
/// @param statements what was changed on the servers since Handover was last started, passwords masked
public record ReportJson(Instant writtenAt, MigrationState migration, List<SqlRecord> statements) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// Writes it.
    public static String json(MigrationState state, List<SqlRecord> statements, Instant at) {
        return MAPPER.writeValueAsString(new ReportJson(at, state, List.copyOf(statements)));
    }
}
