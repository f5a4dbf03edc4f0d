package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.TableRef;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the database makes of it is seen in `SchemaAndIndexTest`.
class TwoStepsTest {

    private static final TableRef TABLE = new TableRef("We \"ird", "a ADD CONSTRAINT (b);\n🐘");
    private static final String NAME = SqlNames.quoted(TABLE);

    @Test
    void aKeyIsAnIndexFirstAndKeepsWhatElseTheDumpSaysOfIt() {
        var steps = steps(
                "CONSTRAINT",
                "ALTER TABLE ONLY " + NAME + "\n    ADD CONSTRAINT \"p k\" PRIMARY KEY (id, \"a, \"\"(b\") INCLUDE (c)"
                        + " WITH (fillfactor='70') DEFERRABLE INITIALLY DEFERRED;\n\nALTER TABLE " + NAME
                        + " CLUSTER ON \"p k\";");

        assertEquals(
                "CREATE UNIQUE INDEX IF NOT EXISTS \"p k\" ON " + NAME
                        + " (id, \"a, \"\"(b\") INCLUDE (c) WITH (fillfactor='70');",
                steps.first().sql());
        assertEquals(
                "ALTER TABLE ONLY " + NAME + " ADD CONSTRAINT \"p k\" PRIMARY KEY USING INDEX \"p k\" DEFERRABLE"
                        + " INITIALLY DEFERRED;\nALTER TABLE " + NAME + " CLUSTER ON \"p k\";",
                steps.second().sql());
        assertEquals(TABLE, steps.table());
        assertEquals("p k", steps.name());
    }

    @Test
    void nullsThatAreEqualStayEqual() {
        var steps = steps(
                "CONSTRAINT",
                "ALTER TABLE ONLY " + NAME + "\n    ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b);");

        assertEquals(
                "CREATE UNIQUE INDEX IF NOT EXISTS u ON " + NAME + " (a) INCLUDE (b) NULLS NOT DISTINCT;",
                steps.first().sql());
        assertEquals(
                "ALTER TABLE ONLY " + NAME + " ADD CONSTRAINT u UNIQUE USING INDEX u;",
                steps.second().sql());
    }

    @Test
    void aForeignKeyIsAddedUncheckedAndThenChecked() {
        String sql = "ALTER TABLE ONLY " + NAME + "\n    ADD CONSTRAINT \"f\"\"k\" FOREIGN KEY (a)"
                + " REFERENCES app.b(id) ON DELETE CASCADE";
        var steps = steps("FK CONSTRAINT", sql + ";");

        assertEquals(sql + " NOT VALID;", steps.first().sql());
        assertEquals(
                "ALTER TABLE ONLY " + NAME + " VALIDATE CONSTRAINT \"f\"\"k\";",
                steps.second().sql());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE ONLY app.t\n    ADD CONSTRAINT k EXCLUDE USING gist (r WITH &&);",
                "ALTER TABLE ONLY app.t\n    ADD CONSTRAINT k PRIMARY KEY (id, r WITHOUT OVERLAPS);",
                "ALTER TABLE ONLY app.partitioned\n    ADD CONSTRAINT k PRIMARY KEY (id);",
                "ALTER TABLE ONLY app.t\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES app.b(id) NOT VALID;",
                "ALTER TABLE ONLY app.t\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES app.b(id) NOT ENFORCED;",
                "ALTER TABLE app.partitioned\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES app.b(id);",
                "ALTER TABLE app.t\n    ADD CONSTRAINT k CHECK ((a > 0)) NOT VALID;"
            })
    void whateverCannotBeTakenApartIsMadeAsTheDumpSays(String sql) {
        for (String type : List.of("CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT")) {
            assertTrue(TwoSteps.of(entry(type, sql), Set.of(new TableRef("app", "t")))
                    .isEmpty());
        }
    }

    private static TwoSteps steps(String type, String sql) {
        return TwoSteps.of(entry(type, sql), Set.of(TABLE)).orElseThrow();
    }

    private static DumpEntry entry(String type, String sql) {
        return new DumpEntry(1, 0, 0, 0, List.of(), "x", type, "app", "-", "", "", sql, DumpSection.INDEXES);
    }
}
