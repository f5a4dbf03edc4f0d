package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference;
import io.handover.model.RowDifference.ColumnDifference;
import io.handover.model.RowDifference.Kind;
import io.handover.model.SchemaDifference;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Corrupts one of very many rows, or one object of the schema, in every way there is, and wants it named.
class MutationTest {

    /// Settings under which the target writes every value otherwise: that alone is no difference.
    private static final String OTHER_RENDERING = """
            do $$ begin execute format('alter database %I set timezone = ''Pacific/Chatham''', current_database());
            execute format('alter database %I set datestyle = ''SQL, DMY''', current_database());
            execute format('alter database %I set intervalstyle = ''iso_8601''', current_database());
            execute format('alter database %I set bytea_output = ''escape''', current_database());
            execute format('alter database %I set extra_float_digits = -5', current_database()); end $$""";

    private static final String BIG = """
            create table public."Big one" (
                id bigint primary key, name text, note text, f float8, at timestamptz, code char(6), amount numeric(12,2));
            insert into public."Big one"
                select i, 'Name ' || i, case when i % 3 > 0 then 'note ' || md5(i::text) end, 0,
                       '2024-03-31 00:30:00+00'::timestamptz + i * interval '1 second', 'c' || i % 9, i / 7.0
                  from generate_series(1, 1000000) i""";

    @Test
    void inOneOfAMillionRows() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            run(with, Side.TARGET, OTHER_RENDERING);
            run(with, Side.SOURCE, BIG);
            run(with, Side.TARGET, BIG);
            run(with, Side.TARGET, """
                    update public."Big one" set amount = amount + 0.01 where id = 100001;
                    delete from public."Big one" where id = 200002;
                    insert into public."Big one" (id, name) values (1000001, 'one too many');
                    update public."Big one" set id = -1 where id = 300003;
                    update public."Big one" set id = 300003 where id = 300004;
                    update public."Big one" set id = 300004 where id = -1;
                    update public."Big one" set note = '' where id = 300000;
                    update public."Big one" set note = note || ' ' where id = 400000;
                    update public."Big one" set note = left(note, -1) where id = 500000;
                    update public."Big one" set name = upper(name) where id = 600000;
                    update public."Big one" set f = '-0' where id = 700000;
                    update public."Big one" set at = at + interval '1 microsecond' where id = 800000;
                    update public."Big one" set at = at - interval '1 hour' where id = 900000""");

            TableVerdict found = only(verify(with));

            assertEquals("public.Big one", found.table().display());
            assertEquals(
                    Map.ofEntries(
                            Map.entry("100001", "CHANGED amount"),
                            Map.entry("200002", "MISSING "),
                            Map.entry("1000001", "EXTRA "),
                            Map.entry("300003", "CHANGED name, note, at, code, amount"),
                            Map.entry("300004", "CHANGED name, note, at, code, amount"),
                            Map.entry("300000", "CHANGED note"),
                            Map.entry("400000", "CHANGED note"),
                            Map.entry("500000", "CHANGED note"),
                            Map.entry("600000", "CHANGED name"),
                            Map.entry("700000", "CHANGED f"),
                            Map.entry("800000", "CHANGED at"),
                            Map.entry("900000", "CHANGED at")),
                    rows(found));
            assertEquals(12, found.differences());
            assertEquals(new ColumnDifference("f", "0", "-0"), column(found, "700000"));
            assertEquals(
                    new ColumnDifference("at", "2024-04-09 06:43:20+00", "2024-04-09 06:43:20.000001+00"),
                    column(found, "800000"));
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 18", "15, 17"})
    void aChangedValueOfEveryBuiltInType(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            run(with, Side.TARGET, OTHER_RENDERING);
            var types = BuiltInValues.of(Integer.parseInt(from));
            assertEquals(Set.of(), BuiltInValues.missing(with.server(Side.SOURCE)), "types without a value here");
            var expected = new TreeMap<String, Map<String, String>>();
            int at = 0;
            for (int first = 0; first < types.size(); first += 20) {
                var some = types.subList(first, Math.min(types.size(), first + 20));
                String table = "t" + first;
                String sql = "create table public." + table + " (id int primary key, "
                        + some.stream()
                                .map(t -> t.column() + " " + t.type() + ", " + t.column() + "_array " + t.type() + "[]")
                                .collect(Collectors.joining(", "))
                        + "); insert into public." + table + " select i, "
                        + some.stream()
                                .map(t -> t.value() + ", array[" + t.value() + ", null, " + t.other() + "]")
                                .collect(Collectors.joining(", "))
                        + " from generate_series(1, 10000) i";
                run(with, Side.SOURCE, sql);
                run(with, Side.TARGET, sql);
                var rows = expected.computeIfAbsent(table, _ -> new TreeMap<>());
                for (var type : some) {
                    at += 2;
                    run(
                            with,
                            Side.TARGET,
                            "update public." + table + " set " + type.column() + " = " + type.other()
                                    + " where id = " + at + "; update public." + table + " set " + type.column()
                                    + "_array[3] = " + type.value() + " where id = " + (at + 1));
                    rows.put(String.valueOf(at), "CHANGED " + type.column());
                    rows.put(String.valueOf(at + 1), "CHANGED " + type.column() + "_array");
                }
            }

            var found = new TreeMap<String, Map<String, String>>();
            verify(with).tables().forEach(t -> found.put(t.table().name(), new TreeMap<>(rows(t))));

            assertEquals(expected, found);
        }
    }

    @Test
    void oneOfManyEqualRowsOfATableWithoutAKey() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            String sql = "create table public.log (at timestamptz, what text);"
                    + "insert into public.log select '2024-01-01', 'w' || i % 50000 from generate_series(1, 100000) i";
            run(with, Side.SOURCE, sql);
            run(with, Side.TARGET, sql);
            run(with, Side.TARGET, """
                    insert into public.log values ('2024-01-01', 'w777');
                    delete from public.log where ctid = (select ctid from public.log where what = 'w888' limit 1)""");

            TableVerdict found = only(verify(with));

            assertEquals(
                    Map.of("2024-01-01 00:00:00+00, w777", "EXTRA ", "2024-01-01 00:00:00+00, w888", "MISSING "),
                    rows(found));
            assertEquals(100_000, found.sourceRows());
            assertEquals(100_000, found.targetRows(), "counting alone would have shown nothing");
        }
    }

    @Test
    void whatIsNotTheSameOfTheSchema() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            String sql = """
                    create sequence public.numbers;
                    create type public.mood as enum ('sad', 'glad');
                    create domain public.short as text check (length(value) < 9);
                    create function public.twice(int) returns int language sql as 'select $1 * 2';
                    create function public.nothing() returns trigger language plpgsql as 'begin return new; end';
                    create table public.parent (id int primary key);
                    create table public.t (id int primary key, code varchar(9) default 'none', p int references public.parent,
                        n int not null, constraint known check (code in ('none', 'some')));
                    create index t_code on public.t (lower(code)) where code <> 'none';
                    create trigger nothing before insert on public.t for each row execute function public.nothing();
                    create view public.v as select id, code from public.t;
                    insert into public.t (id, n) select i, i from generate_series(1, 1000) i;
                    select setval('public.numbers', 50)""";
            run(with, Side.SOURCE, sql);
            run(with, Side.TARGET, sql);
            VerifyReport before = verify(with);
            assertEquals(List.of(), before.schema());
            assertTrue(before.proved() && before.sameSchema());

            run(with, Side.TARGET, """
                    drop index public.t_code;
                    alter table public.t alter code drop default, alter n drop not null, drop constraint known;
                    alter table public.t drop constraint t_p_fkey;
                    alter table public.t disable trigger nothing;
                    create trigger added after insert on public.t for each row execute function public.nothing();
                    alter type public.mood add value 'mad';
                    alter domain public.short drop constraint short_check;
                    create or replace function public.twice(int) returns int language sql as 'select $1 * 3';
                    drop view public.v;
                    alter sequence public.numbers increment 2;
                    select setval('public.numbers', 49)""");
            VerifyReport after = verify(with);

            assertTrue(after.proved(), "the rows are equal");
            assertFalse(after.sameSchema());
            assertEquals(
                    new TreeSet<>(List.of(
                            "index public.t.t_code",
                            "column public.t.code",
                            "column public.t.n",
                            "constraint public.t.known",
                            "constraint public.t.t_p_fkey",
                            "trigger public.t.nothing",
                            "trigger public.t.added",
                            "enum public.mood",
                            "domain public.short",
                            "function public.twice(integer)",
                            "view public.v",
                            "sequence public.numbers")),
                    after.schema().stream()
                            .map(d -> d.kind() + " " + d.object())
                            .collect(Collectors.toCollection(TreeSet::new)));
            SchemaDifference lost = after.schema().stream()
                    .filter(d -> d.object().equals("public.t.code"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("character varying(9) default 'none'::character varying", lost.source());
            assertEquals("character varying(9)", lost.target());
            assertTrue(
                    after.notCompared().stream()
                            .anyMatch(line ->
                                    line.contains("public.numbers stands at 50 on the owner, at 49 on the follower")),
                    () -> String.join("\n", after.notCompared()));
        }
    }

    @Test
    void whyItMayBe() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            String sql = """
                    create function public.nothing() returns trigger language plpgsql as 'begin return new; end';
                    create table public.fired (id int primary key, v text);
                    create trigger here before update on public.fired for each row execute function public.nothing();
                    create table public.keyless (v text);
                    create table public.plain (id int primary key, v text);
                    insert into public.fired values (1, 'a');
                    insert into public.keyless values ('a');
                    insert into public.plain values (1, 'a')""";
            run(with, Side.SOURCE, sql);
            run(with, Side.TARGET, sql);
            run(with, Side.TARGET, """
                    alter table public.fired enable always trigger here;
                    update public.fired set v = 'b'; update public.keyless set v = 'b'; update public.plain set v = 'b'""");

            var notes = verify(with).tables().stream()
                    .collect(Collectors.toMap(t -> t.table().name(), TableVerdict::note));

            assertTrue(
                    notes.get("fired").contains("triggers fire for what the stream brings as well: here"),
                    notes::toString);
            assertTrue(notes.get("keyless").contains("no replica identity"), notes::toString);
            assertTrue(notes.get("plain").contains("written to the follower past the stream"), notes::toString);
        }
    }

    @Test
    void aSequenceThatWasSetButNotUsed() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            run(with, Side.SOURCE, "create sequence public.s; select setval('public.s', 1000, false)");
            run(with, Side.TARGET, "create sequence public.s");

            assertTrue(
                    verify(with)
                            .notCompared()
                            .getFirst()
                            .contains(
                                    "public.s stands at 1000 (not given yet) on the owner, at 1 (not given yet) on the follower"));
        }
    }

    private static VerifyReport verify(TestContext with) throws Exception {
        return VerifyStep.frozen(with, Side.SOURCE);
    }

    private static TableVerdict only(VerifyReport report) {
        assertEquals(1, report.tables().size());
        TableVerdict table = report.tables().getFirst();
        assertEquals(Verdict.DIFFERENT, table.verdict());
        return table;
    }

    private static Map<String, String> rows(TableVerdict table) {
        return table.first().stream()
                .collect(Collectors.toMap(
                        RowDifference::key,
                        d -> d.kind() + " "
                                + d.columns().stream()
                                        .map(ColumnDifference::column)
                                        .collect(Collectors.joining(", "))));
    }

    private static ColumnDifference column(TableVerdict table, String key) {
        return table.first().stream()
                .filter(d -> d.key().equals(key) && d.kind() == Kind.CHANGED)
                .findFirst()
                .orElseThrow()
                .columns()
                .getFirst();
    }

    private static void run(TestContext with, Side side, String sql) throws SQLException {
        try (var session = with.server(side).open("test");
                var statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
