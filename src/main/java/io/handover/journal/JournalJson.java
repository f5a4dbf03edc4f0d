package io.handover.journal;

import io.handover.model.Plan;
import io.handover.model.SqlRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The journal's and the plan's JSON. Unknown fields are skipped, so that an older Handover can read a newer file's
/// known lines; an unknown entry type is refused, because it could be the one that matters.
public final class JournalJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JournalJson() {}

    /// One line, without a line break.
    public static String write(Line line) {
        return MAPPER.writeValueAsString(line);
    }

    /// Reads what `write` wrote.
    ///
    /// @throws JournalDamaged if it cannot be read
    public static Line line(String json) throws JournalDamaged {
        try {
            return MAPPER.readValue(json, Line.class);
        } catch (JacksonException e) {
            throw new JournalDamaged("a journal line cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /// A statement, for the record beside the journal; without a line break.
    public static String write(SqlRecord statement) {
        return MAPPER.writeValueAsString(statement);
    }

    /// Reads what `write` wrote.
    ///
    /// @throws JournalDamaged if it cannot be read
    public static SqlRecord statement(String json) throws JournalDamaged {
        try {
            return MAPPER.readValue(json, SqlRecord.class);
        } catch (JacksonException e) {
            throw new JournalDamaged("a statement cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /// A plan, for the target and for colleagues.
    public static String write(Plan plan) {
        return MAPPER.writeValueAsString(plan);
    }

    /// Reads what `write` wrote.
    ///
    /// @throws JournalDamaged if it cannot be read
    public static Plan plan(String json) throws JournalDamaged {
        try {
            return MAPPER.readValue(json, Plan.class);
        } catch (JacksonException e) {
            throw new JournalDamaged("a plan cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
