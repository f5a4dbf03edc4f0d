package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference.ColumnDifference;
import io.handover.model.RowDifference.Kind;
import io.handover.model.TableRef;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDigestTest extends TwoTablesFixture {

    private static final String TYPES = """
            create type mood as enum ('sad', 'it''s "fine"', 'ok, ok');
            create type pair as (a int, b text);
            create domain short as varchar(20) check (length(value) < 20);
            create table "Every ""kind"" of, type" (
                id bigint primary key, b boolean, i2 int2, i4 int4, n numeric, n2 numeric(12,2), f4 float4, f8 float8,
                m money, t text, v varchar(30), c char(8), bp bpchar, ba bytea, d date, ti time, tz timetz, ts timestamp, tstz timestamptz,
                iv interval, u uuid, ip inet, ci cidr, mac macaddr, bi bit(5), vb varbit, j json, jb jsonb, x xml,
                a int[], ta text[], fa float8[], e mood, ea mood[], p pair, pa pair[], s short, r int4range,
                tr tstzrange, tv tsvector, tq tsquery, pt point, bx box, po polygon, l pg_lsn, nm name,
                "select" int, "weird "" ' \\ ? {name} 🐘" text$generated);
            """;

    private static final String ROWS = """
            insert into "Every ""kind"" of, type" (id) values (0), (-1);
            insert into "Every ""kind"" of, type" values
                (1, true, -32768, 2147483647, 'NaN', 1.50, '-0', 1e-300, 12.34, E'a\\x1fb\\\\c', 'v', 'ab', 'x  ', '\\x00ff5c1f',
                 '0044-03-15 BC', '23:59:60', '12:00:00+05:30', 'infinity', '2024-02-29 12:34:56.789012+03', '-1 mon 3 days -04:05:06.7',
                 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '10101', '1',
                 '{"a" :  1.00, "a": 2}', '{"b": 1.10, "a": [null, "x"]}', '<a>ü</a>', '{{1,NULL},{3,4}}', '{"a,b",NULL,"",null,"\\""}',
                 '{0.1,-0,NaN,Infinity}', 'it''s "fine"', '{sad,"ok, ok"}', '(1,"a,""b")', '{"(1,)","(,)"}', 'ß', '[1,5)',
                 '[2020-01-01,)', 'a fat:3A cat', 'a & !b', '(0.1,-0)', '(1,1),(0,0)', '((0,0),(1,1),(1,0))', '16/B374D848', 'name',
                 1, 'x'),
                (2, false, 0, 0, 1.00, 0, 'infinity', '0.1', -0.01, '', '', '', '', '', 'infinity', '00:00', '00:00+00', '-infinity',
                 '4713-01-01 BC', '0', '00000000-0000-0000-0000-000000000000', '::1', '::/0', '00:00:00:00:00:00', '00000', '',
                 'null', 'null', '', '{}', '{}', '{}', 'sad', '{}', '(,)', '{}', '', 'empty', 'empty', '', '', '(0,0)', '(0,0),(0,0)',
                 '((0,0))', '0/0', '', 0, '');
            """;

    @ParameterizedTest
    @CsvSource({"10, 18", "11, 16", "13, 18", "15, 17", "18, 16"})
    void rowsAreEqualAcrossVersionsWhateverTheServersSettingsAre(String from, String to) throws Exception {
        try (var both = new Both(from, to)) {
            String generated = Integer.parseInt(from) < 12 ? "" : ", g int generated always as (i4 / 2) stored";
            both.here(TYPES.replace("$generated", generated) + ROWS);
            both.there(TYPES.replace("$generated", generated) + ROWS);
            both.there("""
                    do $$ begin execute format('alter database %I set timezone = ''Asia/Kolkata''', current_database());
                    execute format('alter database %I set datestyle = ''German''', current_database());
                    execute format('alter database %I set intervalstyle = ''iso_8601''', current_database());
                    execute format('alter database %I set bytea_output = ''escape''', current_database());
                    execute format('alter database %I set extra_float_digits = -3', current_database()); end $$""");
            // another order of rows on disk
            both.there("update \"Every \"\"kind\"\" of, type\" set i4 = i4 where id = 1");

            var found = both.compare(new TableRef("public", "Every \"kind\" of, type"));

            assertEquals(List.of(), found.outside());
            assertEquals(4, found.owner().rows());
            assertEquals(found.owner(), found.follower());
        }
    }

    @Test
    void theOrderOfTheColumnsDoesNotMatter() throws Exception {
        try (var both = fresh()) {
            both.here("create table t (id int primary key, a text, b text); insert into t values (1, 'x', 'y')");
            both.there("create table t (b text, id int primary key, a text); insert into t values ('y', 1, 'x')");

            assertEquals(List.of(), both.compare(new TableRef("public", "t")).outside());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text      | ''            | null",
                "text      | 'a'           | 'a '",
                "text      | 'a'           | 'A'",
                "text      | E'a\\x1fb'    | E'a\\x1eb'",
                "text      | E'\\x1e'      | null",
                "text      | '-1'          | null",
                "text      | E'\\\\N'      | null",
                "bpchar    | 'a'           | 'a '",
                "bytea     | ''            | null",
                "float8    | 0             | '-0'",
                "float8    | 1             | 1.0000000000000002",
                "float4    | 0             | '-0'",
                "numeric   | 1.0           | 1.00",
                "numeric   | 'NaN'         | null",
                "timestamptz | '2024-01-01 00:00:00.000001+00' | '2024-01-01 00:00:00+00'",
                "interval  | '1 day'       | '24 hours'",
                "boolean   | false         | null",
                "int[]     | '{}'          | null",
                "int[]     | '{NULL}'      | '{}'",
                "int[]     | '[0:0]={1}'   | '{1}'",
                "jsonb     | '1'           | '1.0'",
                "json      | '{\"a\":1}'   | '{\"a\": 1}'",
                "pair      | '(,)'         | null",
                "pair      | '(,)'         | '(,\"\")'",
                "short     | ''            | null",
            })
    void whateverDiffersIsFoundByItsColumn(String type, String here, String there) throws Exception {
        try (var both = fresh()) {
            String table =
                    "create type pair as (a int, b text); create domain short as text; create table t (id int primary key, other text, v "
                            + type + ", more text);";
            both.here(table + "insert into t values (1, '', " + here + ", null), (2, '', null, null)");
            both.there(table + "insert into t values (1, '', " + there + ", null), (2, '', null, null)");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(1, found.outsideRows());
            var difference = found.details().get("1");
            assertEquals(Kind.CHANGED, difference.kind());
            assertEquals(
                    List.of("v"),
                    difference.columns().stream().map(ColumnDifference::column).toList());
        }
    }

    /// Each pair would be one text if the values were simply joined.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "E'a\\x1fb', 'c'   | 'a', E'b\\x1fc'",
                "E'a\\x1f', ''     | 'a', E'\\x1f'",
                "'a', null         | null, 'a'",
                "null, ''          | '', null",
                "E'x\\x1f1\\x1f1', null | E'x', E'1\\x1f1'",
            })
    void aValueWithSeparatorsCannotFeignAnotherRow(String here, String there) throws Exception {
        try (var both = fresh()) {
            both.here("create table t (id int primary key, a text, b text); insert into t values (1, " + here + ")");
            both.there("create table t (id int primary key, a text, b text); insert into t values (1, " + there + ")");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(
                    List.of("a", "b"),
                    found.details().get("1").columns().stream()
                            .map(ColumnDifference::column)
                            .toList());
        }
    }

    @Test
    void aColumnThatIsNotNullOnlyFromNowOnMayHaveNulls() throws Exception {
        try (var both = new Both("18", "18")) {
            String table = "create table t (id int primary key, a int, b int); insert into t values (1, %s);"
                    + "alter table t add constraint a_there not null a not valid,"
                    + " add constraint b_there not null b not valid";
            both.here(table.formatted("null, 5"));
            both.there(table.formatted("5, null"));

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(
                    List.of("a", "b"),
                    found.details().get("1").columns().stream()
                            .map(ColumnDifference::column)
                            .toList());
        }
    }

    @Test
    void virtualGeneratedColumnsAreCompared() throws Exception {
        try (var both = fresh()) {
            both.here(
                    "create table t (id int primary key, g int generated always as (id * 2) stored); insert into t values (1)");
            both.there(
                    "create table t (id int primary key, g int generated always as (id * 3) virtual); insert into t values (1)");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(
                    List.of(new ColumnDifference("g", "2", "3")),
                    found.details().get("1").columns());
        }
    }

    @Test
    void aLongValueIsShownFromALittleBeforeTheDifference() throws Exception {
        try (var both = fresh()) {
            both.here(
                    "create table t (id int primary key, v text); insert into t values (1, repeat('x', 1000) || 'A')");
            both.there(
                    "create table t (id int primary key, v text); insert into t values (1, repeat('x', 1000) || 'B')");

            var column = both.compare(new TableRef("public", "t"))
                    .details()
                    .get("1")
                    .columns()
                    .getFirst();

            assertTrue(column.source().endsWith("xA") && column.target().endsWith("xB"), column.toString());
            assertTrue(column.source().length() < 210);
        }
    }

    @Test
    void withAnOldServerOrAnotherEncodingTheSameIsFound() throws Exception {
        try (var both = new Both("13", "18", new TableDigest.Dialect(10, false))) {
            both.here(
                    "create table t (id text primary key, f float8, v text); insert into t values ('ä', 0.1, 'ö'), ('b', 0, 'c')");
            both.there(
                    "create table t (id text primary key, f float8, v text); insert into t values ('ä', 0.1, 'ö'), ('b', '-0', 'c')");

            var found = both.compare(new TableRef("public", "t"));

            assertEquals(
                    List.of("b"), found.outside().stream().map(KeyRows::key).toList());
        }
    }
}
