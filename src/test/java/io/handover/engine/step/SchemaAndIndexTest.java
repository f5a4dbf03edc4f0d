package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.pg.DumpEntry;
import io.handover.pg.DumpSplitter;
import io.handover.pg.PgDump;
import io.handover.pg.PgDumpOptions;
import io.handover.pg.PgDumpSearch;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaAndIndexTest {

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final PgDump pgDump = PgDump.installed(threads);

    @Test
    void theSchemaArrivesAsItWas() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, RichSchema.sql("rich_same"));

            done(new SchemaStep(pgDump).run(with));
            copyRows(with);
            done(new IndexStep().run(with));

            assertEquals(List.of(Stage.SCHEMA_READY, Stage.INDEXING), with.stages());
            assertEquals(
                    List.of("st1"),
                    rows(
                            with,
                            Side.TARGET,
                            "select stxname from pg_statistic_ext e join pg_statistic_ext_data d on d.stxoid = e.oid"
                                    + " where d.stxddependencies is not null"),
                    "gathered after the user's statistics objects were made");
            assertEquals(List.of(), with.uncaught());
            assertEquals(
                    dump(with.server(Side.SOURCE).endpoint()),
                    dump(with.server(Side.TARGET).endpoint()));
            assertEquals(List.of(), VerifyStep.frozen(with, Side.SOURCE).schema());
            assertTrue(kinds(with) >= 30, "kinds of objects in the dump");
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void theSchemaArrivesOnNewerServers(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            run(with, Side.SOURCE, RichSchema.sql("rich_" + from));
            run(with, Side.TARGET, "create role rich_" + from);

            done(new SchemaStep(pgDump).run(with));
            copyRows(with);
            done(new IndexStep().run(with));

            var missing = facts(with, Side.SOURCE);
            var added = facts(with, Side.TARGET);
            missing.removeAll(facts(with, Side.TARGET));
            added.removeAll(facts(with, Side.SOURCE));
            assertEquals(List.of(), VerifyStep.frozen(with, Side.SOURCE).schema());
            assertEquals(List.of(), missing, "missing on the target, which has " + added);
            assertEquals(List.of(), added);
            assertEquals(
                    List.of("empty false", "late true", "mv true"),
                    rows(
                            with,
                            Side.TARGET,
                            "select relname || ' ' || relispopulated from pg_class"
                                    + " where relkind = 'm' order by 1"));
            assertEquals(
                    List.of(),
                    rows(
                            with,
                            Side.TARGET,
                            "select c.relname from pg_class c join pg_namespace n on n.oid = relnamespace"
                                    + " where relkind in ('r', 'p') and nspname in ('app', 'We ird') and reltuples < 0"),
                    "every table has statistics");
            assertFalse(
                    with.sql().stream()
                            .filter(record -> record.side() == Side.TARGET)
                            .map(SqlRecord::sql)
                            .anyMatch(sql -> sql.contains("very-secret")),
                    "a user mapping's password is in no log");
            assertFalse(rows(with, Side.TARGET, "select d::text from handover.dump d")
                    .toString()
                    .contains("very-secret"));
        }
    }

    /// What of the catalogue must be the same, whatever the version.
    private static List<String> facts(TestContext with, Side side) throws SQLException {
        return rows(with, side, """
                select concat('relation ', n.nspname, '.', c.relname, ' ', c.relkind, c.relpersistence, c.relreplident,
                              c.relrowsecurity, c.relispartition, c.reloptions)
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'We ird')
                union all
                select concat('column ', a.attrelid::regclass, ' ', a.attname, ' ', format_type(a.atttypid, a.atttypmod),
                              a.attnotnull, a.attgenerated, a.attidentity, coalesce(a.attstattarget, -1),
                              pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, attnum))
                  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                  join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('app', 'We ird') and a.attnum > 0 and c.relkind in ('r', 'p', 'v', 'm', 'f')
                union all
                select concat('index ', pg_get_indexdef(indexrelid), indisvalid, indisprimary, indisreplident)
                  from pg_index where indrelid::regclass::text ~ '^(app|"We ird")[.]'
                union all
                select concat('constraint ', conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid), convalidated)
                  from pg_constraint where contype not in ('n', 't') and conparentid = 0 and conrelid::regclass::text ~ '^(app|"We ird")[.]'
                union all
                select concat('trigger ', pg_get_triggerdef(oid), tgenabled) from pg_trigger
                 where not tgisinternal and not (select relispartition from pg_class c where c.oid = tgrelid)
                union all
                select concat('function ', oid::regprocedure, ' ', prosrc, proconfig)
                  from pg_proc where pronamespace::regnamespace::text in ('app', 'public')
                   and not exists (select from pg_depend where objid = pg_proc.oid and deptype in ('e', 'i'))
                union all
                select concat('policy ', polname, ' ', polroles::regrole[], pg_get_expr(polqual, polrelid)) from pg_policy
                union all
                select concat('rule ', rulename, ' ', ev_class::regclass) from pg_rewrite
                 where ev_class::regclass::text ~ '^(app|"We ird")[.]'
                union all
                select concat('comment ', classoid::regclass, ' ', description) from pg_description
                 where objoid >= 16384 and classoid <> 'pg_extension'::regclass and description !~ '^Handover'
                   and not exists (select from pg_depend d where d.objid = objoid and deptype = 'e')
                union all select concat('event trigger ', evtname, evtenabled) from pg_event_trigger
                union all select concat('extension ', extname) from pg_extension
                union all select concat('statistics ', stxname, stxkind) from pg_statistic_ext
                union all select concat('cast ', castsource::regtype, casttarget::regtype) from pg_cast
                   where castsource::regtype::text = 'app.mood'
                union all select concat('operator ', oid::regoperator) from pg_operator
                   where oprnamespace::regnamespace::text = 'app'
                union all select concat('enum ', enumlabel, enumsortorder) from pg_enum
                union all select concat('search ', cfgname) from pg_ts_config where oid >= 16384
                union all select concat('mapping ', srvname, array(select unnest(umoptions) order by 1)) from pg_user_mappings
                union all select concat('sequence ', seqrelid::regclass, seqstart, ' ', seqincrement, ' ', seqcache)
                  from pg_sequence where seqrelid::regclass::text ~ '^app[.]'
                order by 1
                """);
    }

    private static void copyRows(TestContext with) throws SQLException {
        String rows = """
                insert into app.cust (name, mail) values ('Ann', 'a@b'), ('Bob', null);
                insert into app.ord (cust_id, day, amt)
                    select 10, date '2024-01-01' + n, n from generate_series(1, 900) n;
                insert into app.line select id, day, 1 from app.ord;
                """;
        run(with, Side.SOURCE, rows + "refresh materialized view app.mv; refresh materialized view app.late;");
        run(with, Side.TARGET, rows);
    }

    private String dump(Endpoint endpoint) throws Exception {
        var tool = assertInstanceOf(PgDumpSearch.Found.class, pgDump.find(15));
        return DumpSplitter.split(pgDump.schema(tool, endpoint, new PgDumpOptions(false, false), new Gate())).stream()
                .map(entry -> entry.display() + "\n" + entry.sql())
                .collect(Collectors.joining("\n"));
    }

    private long kinds(TestContext with) throws Exception {
        var tool = assertInstanceOf(PgDumpSearch.Found.class, pgDump.find(15));
        String text =
                pgDump.schema(tool, with.server(Side.SOURCE).endpoint(), new PgDumpOptions(false, false), new Gate());
        return DumpSplitter.split(text).stream().map(DumpEntry::type).distinct().count();
    }

    private static void done(StepOutcome outcome) {
        assertEquals(new StepOutcome.Done(), outcome);
    }

    static void run(TestContext with, Side side, String sql) throws SQLException {
        try (var session = with.server(side).openSimple("test")) {
            session.change("set search_path = public");
            session.change(sql);
        }
    }

    static List<String> rows(TestContext with, Side side, String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (var session = with.server(side).openSimple("test");
                var query = session.jdbc().createStatement();
                var row = query.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
