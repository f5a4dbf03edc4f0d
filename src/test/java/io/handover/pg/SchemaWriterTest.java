package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.handover.flow.Gate;
import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaWriterTest {

    private static final int TWO_TABLES = 8;

    private final List<String> notes = new ArrayList<>();
    private final PgServer postgres = PgServer.major("15");
    private final String database = postgres.newDatabase();

    @Test
    void aLargeSchemaGoesOnAfterItsLastFinishedPart() throws Exception {
        try (var server = new Server(Side.TARGET, postgres.endpoint(database), new SqlLog(Clock.systemUTC()));
                var target = prepared(server)) {
            var entries = List.of(
                    table(0, "a"),
                    table(1, "b"),
                    table(2, "c"),
                    entry(3, "TABLE", "d", "CREATE TABLE public.d (x nope);"));
            DumpStore.replace(target, entries);

            var failure = assertThrows(EntryFailure.class, () -> writer(target).write(entries, new Gate(), _ -> {}));

            assertEquals("42704", failure.getSQLState());
            assertEquals("d", failure.entry().name());
            assertEquals(List.of("a", "b"), tables(target));

            var mended = List.of(entries.get(0), entries.get(1), entries.get(2), table(3, "d"));
            DumpStore.replace(target, mended);
            var made = DumpStore.made(target.jdbc());
            var open = mended.stream()
                    .filter(entry -> !made.contains(DumpStore.fingerprint(entry)))
                    .toList();
            assertEquals(2, open.size());
            writer(target).write(open, new Gate(), _ -> {});
            assertEquals(List.of("a", "b", "c", "d"), tables(target));
            assertEquals(4, DumpStore.made(target.jdbc()).size());
        }
    }

    @Test
    void whatEveryDatabaseHasIsToleratedByRule() throws Exception {
        try (var server = new Server(Side.TARGET, postgres.endpoint(database), new SqlLog(Clock.systemUTC()));
                var target = prepared(server)) {
            var entries = List.of(
                    entry(0, "SCHEMA", "public", "CREATE SCHEMA \"public\";"),
                    entry(1, "COMMENT", "SCHEMA \"public\"", "COMMENT ON SCHEMA \"public\" IS 'ours';"),
                    entry(
                            2,
                            "EXTENSION",
                            "plpgsql",
                            "CREATE EXTENSION IF NOT EXISTS \"plpgsql\" WITH SCHEMA \"pg_catalog\";"),
                    new DumpEntry(
                            3,
                            0,
                            0,
                            0,
                            List.of(),
                            "t",
                            "TABLE",
                            "public",
                            "-",
                            "no such",
                            "heap",
                            "CREATE TABLE public.t (id int);",
                            DumpSection.PRE_DATA));
            DumpStore.replace(target, entries);

            writer(target).write(entries, new Gate(), _ -> {});

            assertEquals(List.of("t"), tables(target));
            assertEquals(2, notes.size(), notes.toString());
        }
    }

    private DbSession prepared(Server server) throws SQLException {
        DbSession target = server.openSimple("schema");
        HandoverSchema.create(target, new MigrationId("0123abcd"));
        DumpStore.create(target);
        return target;
    }

    private SchemaWriter writer(DbSession target) throws SQLException {
        return new SchemaWriter(target, TargetFacts.read(target.jdbc()), notes::add, TWO_TABLES);
    }

    private static List<String> tables(DbSession target) throws SQLException {
        return Catalog.tables(target.jdbc()).stream()
                .map(table -> table.table().name())
                .toList();
    }

    private static DumpEntry table(int number, String name) {
        return entry(number, "TABLE", name, "CREATE TABLE public." + name + " (id int);");
    }

    private static DumpEntry entry(int number, String type, String name, String sql) {
        return new DumpEntry(number, 0, 0, 0, List.of(), name, type, "public", "-", "", "", sql, DumpSection.PRE_DATA);
    }
}
