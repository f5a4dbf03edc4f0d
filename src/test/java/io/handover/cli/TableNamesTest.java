package io.handover.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.pg.SqlNames;
import io.handover.testkit.PgServer;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names as a DBA types them, and as PostgreSQL itself writes them.
class TableNamesTest {

    @Test
    void aCommaSeparatesUnlessItIsQuoted() {
        assertEquals(
                List.of(ref("app", "a"), ref("a,b", "c\"d"), ref("App", "Orders of 2024"), ref("x.y", "z,")),
                TableNames.list("--wave", "app.a, \"a,b\".\"c\"\"d\" ,App.Orders of 2024,\"x.y\".\"z,\""));
        assertEquals(List.of(ref("app", "a.b")), TableNames.list("--wave", "app.a.b"), "the first dot counts");
        assertEquals(ref("app", "a,b"), TableNames.single("--exclude-table", "app.a,b"));
        assertEquals(ref("a.b", "c"), TableNames.single("--exclude-table", "\"a.b\".c"));
    }

    /// Whatever a name holds, what `quote_ident` makes of it is read back as that name.
    @Test
    void whatPostgresQuotesIsReadBack() throws Exception {
        var server = PgServer.major("17");
        var names = List.of(
                ref("app", "plain"),
                ref("Sch\"ema ' \\ ☃", "select; \"x\" -- , ?{fn}"),
                ref(",", "\""),
                ref(" a ", ". ,"));
        var from = new Server(Side.SOURCE, server.endpoint(server.newDatabase()), new SqlLog(Clock.systemUTC()));
        try (var session = from.open("test")) {
            for (TableRef name : names) {
                session.change("create schema if not exists " + SqlNames.quoted(name.schema()));
                session.change("create table " + SqlNames.quoted(name) + " ()");
            }
            try (var query = session.jdbc().createStatement();
                    var row = query.executeQuery(
                            "select string_agg(quote_ident(n.nspname) || '.' || quote_ident(relname),"
                                    + " ', ' order by c.oid) from pg_class c join pg_namespace n on n.oid = relnamespace"
                                    + " where relkind = 'r' and n.nspname !~ '^(pg_|information)'")) {
                row.next();
                assertEquals(names, TableNames.list("--wave", row.getString(1)), row.getString(1));
            }
        } finally {
            from.abort();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a.",
                ".b",
                "a.b,",
                "a.b,c",
                "\"a.b",
                "\"a\"x.b",
                "a.\"b\"x",
                "\"\".b",
                "a.\"\"",
                "a.b\"c",
                "\"a\",b.c",
                "a.b,,c.d"
            })
    void whatIsNoNameIsRefused(String text) {
        String said = assertThrows(IllegalArgumentException.class, () -> TableNames.list("--wave", text))
                .getMessage();
        assertTrue(said.startsWith("--wave wants schema.name, not "), said);
    }

    private static TableRef ref(String schema, String name) {
        return new TableRef(schema, name);
    }
}
