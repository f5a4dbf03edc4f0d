package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.ShopSchema;
import io.handover.engine.step.NastySchema;
import io.handover.engine.step.RichSchema;
import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The built-in `pg_dump` against the installed one, and on servers that the installed one refuses.
class BuiltInPgDumpTest {

    private static final Pattern OWNER =
            Pattern.compile("(?m)^ALTER (?:SEQUENCE|VIEW|MATERIALIZED VIEW) (.*) OWNER TO ");

    private final PgDump installed = new PgDump(PgDumpFolders.usual(System.getenv()), new NamedThreads(e -> {
        throw new AssertionError(e);
    }));

    @Test
    void bothGiveTheSameEntriesOfARichSchema() throws Exception {
        assertSame(made(PgServer.major("15"), RichSchema.sql("rich_built_in")));
    }

    @Test
    void bothGiveTheSameEntriesOfHostileNames() throws Exception {
        assertSame(made(PgServer.major("15"), String.join(";\n", NastySchema.DDL)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "15"})
    void bothGiveTheSameEntriesOfAShop(String major) throws Exception {
        var server = PgServer.major(major);
        Endpoint source = server.endpoint(server.newHostileDatabase());
        ShopSchema.load(source, ShopSchema.SMALL);
        assertSame(source);
    }

    @Test
    void bothGiveTheSameEntriesOfTwoThousandTables() throws Exception {
        assertSame(made(PgServer.major("15"), """
                do $$ begin for i in 1..2000 loop
                    execute format('create table t_%s (id serial primary key, note text default %L, at timestamptz)', i, i);
                    execute format('create index on t_%s (at)', i);
                end loop; end $$"""));
    }

    /// Statement by statement, from 15 to 18 the one difference is this: of a sequence or view the owner was set
    /// by `ALTER TABLE`, which does the same.
    private void assertSame(Endpoint source) throws Exception {
        var builtIn = BuiltInPgDumps.shown(BuiltInPgDumps.entries(source)).stream()
                .map(entry -> OWNER.matcher(entry).replaceAll("ALTER TABLE $1 OWNER TO "))
                .toList();
        var native15 = BuiltInPgDumps.shown(BuiltInPgDumps.split(installed, source));
        assertTrue(native15.size() > 10, "something was dumped");
        assertEquals(String.join("\n", native15), String.join("\n", builtIn));
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "17", "18"})
    void newerServersAreDumped(String major) throws Exception {
        var source = made(PgServer.major(major), RichSchema.sql("rich_built_in_" + major));
        var kinds = BuiltInPgDumps.entries(source).stream()
                .map(DumpEntry::type)
                .distinct()
                .toList();
        assertTrue(kinds.size() >= 30, kinds.toString());
    }

    private static Endpoint made(PgServer server, String sql) throws SQLException {
        Endpoint source = server.endpoint(server.newHostileDatabase());
        try (var own = new Server(Side.SOURCE, source, new SqlLog(Clock.systemUTC()));
                var session = own.openSimple("test")) {
            session.change("set search_path = public");
            session.change(sql);
        }
        return source;
    }
}
