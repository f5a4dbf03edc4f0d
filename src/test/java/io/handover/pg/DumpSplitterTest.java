package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DumpSplitterTest {

    private static final String PREAMBLE = """
            --
            -- PostgreSQL database dump
            --

            \\restrict 3N8vsomething

            -- Dumped from database version 15.19
            -- Started on 2025-06-15 12:00:00 UTC

            SET statement_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);

            """;

    private static final String END = """
            -- Completed on 2025-06-15 12:00:00 UTC

            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict 3N8vsomething

            """;

    /// What every text below tries to pass off as an entry.
    private static final String BAIT = """

            --
            -- TOC entry 99 (class 1259 OID 99)
            -- Name: bait; Type: TABLE; Schema: public; Owner: -
            --

            CREATE TABLE public.bait (id int);
            \\restrict
            SET default_tablespace = 'bait';

            """;

    @Test
    void aHeadingGivesTheEntryItsFacts() {
        var entries = split(heading(7, "class 1259 OID 16390", "a; b", "TABLE", "app") + """
                CREATE TABLE "app"."a; b" (
                    "id" integer
                );


                ALTER TABLE "app"."a; b" OWNER TO "me";


                --
                -- TOC entry 8 (class 0 OID 0)
                -- Dependencies: 7 12
                -- Name: TABLE "a; b"; Type: COMMENT; Schema: app; Owner: me; Tablespace: quick
                --

                COMMENT ON TABLE "app"."a; b" IS 'x';


                """);

        assertEquals(
                List.of(
                        new DumpEntry(
                                0,
                                7,
                                1259,
                                16390,
                                List.of(),
                                "a; b",
                                "TABLE",
                                "app",
                                "-",
                                "",
                                "",
                                """
                                CREATE TABLE "app"."a; b" (
                                    "id" integer
                                );

                                ALTER TABLE "app"."a; b" OWNER TO "me";""",
                                DumpSection.PRE_DATA),
                        new DumpEntry(
                                1,
                                8,
                                0,
                                0,
                                List.of(7, 12),
                                "TABLE \"a; b\"",
                                "COMMENT",
                                "app",
                                "me",
                                "",
                                "",
                                "COMMENT ON TABLE \"app\".\"a; b\" IS 'x';",
                                DumpSection.PRE_DATA)),
                entries);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$%s$$;",
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $_$ $$ $1 %s $_$;",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '%s''';",
                "COMMENT ON TABLE t IS 'it''s %s';",
                "COMMENT ON TABLE t IS E'back\\\\slash \\' %s \\\\';",
                "COMMENT ON TABLE t IS  e'\\'%s';",
                "CREATE TABLE t (a text DEFAULT '%s'::text, b int);",
                "CREATE TABLE \"%s\" (a int);",
                "CREATE TABLE \"q\"\"%s\" (a int);",
                "CREATE TABLE t (a int, /* %s */ b int);",
                "CREATE TABLE t (a int, /* /* */ %s */ b int);",
                "CREATE TABLE t (a int, -- ;(\n b int); -- '\n",
                "CREATE RULE r AS ON INSERT TO t DO ( SELECT 1; %s\n SELECT 2);",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; %s\n END;",
                "CREATE OR REPLACE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC INSERT INTO \"end\" VALUES (1); %s\n END;",
                "CREATE VIEW v AS SELECT U&'\\0061''%s' AS a$b, $1, 'x'::text;"
            })
    void textThatLooksLikeAHeadingIsText(String form) {
        String sql = form.replace("%s", BAIT);

        var entries = split(heading(1, "class 1255 OID 1", "nasty", "FUNCTION", "public") + sql + "\n\n\n"
                + heading(2, "class 1255 OID 2", "next", "FUNCTION", "public") + "SELECT 1;\n\n\n");

        assertEquals(
                List.of("nasty", "next"), entries.stream().map(DumpEntry::name).toList());
        assertEquals(sql.strip().replaceAll(" -- '$", ""), entries.getFirst().sql());
        assertEquals("", entries.getLast().tablespace());
    }

    @Test
    void whatIsSetBetweenEntriesHoldsForThoseThatFollow() {
        var entries = split(heading(1, "class 1255 OID 1", "f()", "FUNCTION", "public") + """
                CREATE FUNCTION f() RETURNS void LANGUAGE sql SET default_tablespace TO 'x' AS 'select 1';


                SET default_tablespace = '';

                SET default_table_access_method = "heap";

                """
                + heading(2, "class 1259 OID 2", "t", "TABLE", "public") + """
                CREATE TABLE t (id int);


                SET default_tablespace = "fa""st";

                """
                + heading(3, "class 1259 OID 3", "i", "INDEX", "public") + "CREATE INDEX i ON public.t (id);\n\n\n");

        assertEquals(
                List.of("", "", "fa\"st"),
                entries.stream().map(DumpEntry::tablespace).toList());
        assertEquals(
                List.of("", "heap", "heap"),
                entries.stream().map(DumpEntry::accessMethod).toList());
        assertTrue(entries.getFirst().sql().endsWith("'select 1';"));
        assertEquals("CREATE TABLE t (id int);", entries.get(1).sql());
    }

    @Test
    void anEntryWithoutAStatementIsNone() {
        assertEquals(
                List.of(),
                split(heading(1, "class 2615 OID 2200", "public", "SCHEMA", "-")
                        + "-- *not* creating schema, since initdb creates it\n\n\n"));
    }

    @Test
    void aNameThatLooksLikeATypeIsAName() {
        var entries = split(heading(
                        1,
                        "class 1259 OID 1",
                        "x; Type: INDEX; Schema: s; Owner: -",
                        "TABLE",
                        "q; Type: INDEX; Schema: z")
                + "CREATE TABLE \"q; Type: INDEX; Schema: z\".\"x; Type: INDEX; Schema: s; Owner: -\" (id int);\n");

        assertEquals("TABLE", entries.getFirst().type());
        assertEquals("q; Type: INDEX; Schema: z", entries.getFirst().schema());
        assertEquals("x; Type: INDEX; Schema: s; Owner: -", entries.getFirst().name());
    }

    @Test
    void entriesAreSortedIntoSections() {
        var sections = split(heading(1, "class 1259 OID 1", "t", "TABLE", "public")
                        + "CREATE TABLE public.t (id int);\nALTER TABLE ONLY public.t REPLICA IDENTITY FULL;\n"
                        + heading(2, "class 1259 OID 2", "mv early", "MATERIALIZED VIEW", "public")
                        + "CREATE MATERIALIZED VIEW public.\"mv early\" AS SELECT 1 WITH NO DATA;\n"
                        + heading(3, "class 2606 OID 3", "t t_pkey", "CONSTRAINT", "public")
                        + "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n"
                        + heading(4, "class 2606 OID 4", "t t_u", "CONSTRAINT", "public")
                        + "ALTER TABLE ONLY public.t ADD CONSTRAINT \"PRIMARY KEY\" UNIQUE (id);\n"
                        + heading(5, "class 2606 OID 5", "t t_x", "CONSTRAINT", "public")
                        + "ALTER TABLE ONLY public.t ADD CONSTRAINT t_x EXCLUDE USING gist (id WITH =);\n"
                        + heading(6, "class 1259 OID 6", "i", "INDEX", "public")
                        + "CREATE INDEX i ON public.t USING btree (id);\n"
                        + heading(7, "class 1259 OID 7", "ri", "INDEX", "public")
                        + "CREATE UNIQUE INDEX ri ON public.t USING btree (id);\n\n"
                        + "ALTER TABLE ONLY public.t REPLICA IDENTITY USING INDEX ri;\n"
                        + heading(8, "class 1259 OID 8", "i2", "INDEX", "public")
                        + "CREATE INDEX i2 ON public.\"mv early\" USING btree (id);\n"
                        + heading(9, "class 1259 OID 9", "mv late", "MATERIALIZED VIEW", "public")
                        + "CREATE MATERIALIZED VIEW public.\"mv late\" AS SELECT 1 WITH NO DATA;\n"
                        + heading(10, "class 1259 OID 10", "i3", "INDEX", "public")
                        + "CREATE INDEX i3 ON ONLY public.\"mv late\" USING btree (id);\n"
                        + heading(11, "class 0 OID 0", "i4", "INDEX ATTACH", "public")
                        + "ALTER INDEX public.i5 ATTACH PARTITION public.i4;\n"
                        + heading(12, "class 2606 OID 12", "t nn", "CONSTRAINT", "public")
                        + "ALTER TABLE public.t ADD CONSTRAINT nn NOT NULL id NOT VALID;\n"
                        + heading(13, "class 2606 OID 13", "t fk", "FK CONSTRAINT", "public")
                        + "ALTER TABLE ONLY public.t ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES public.t(id);\n"
                        + heading(14, "class 0 OID 0", "INDEX i", "COMMENT", "public")
                        + "COMMENT ON INDEX public.i IS 'x';\n"
                        + heading(15, "class 2618 OID 15", "v _RETURN", "RULE", "public")
                        + "CREATE OR REPLACE VIEW public.v AS SELECT id FROM public.t GROUP BY id;\n")
                .stream()
                .collect(Collectors.toMap(DumpEntry::name, DumpEntry::section));

        assertEquals(DumpSection.PRE_DATA, sections.get("t"));
        assertEquals(DumpSection.PRE_DATA, sections.get("mv early"));
        assertEquals(DumpSection.KEYS, sections.get("t t_pkey"));
        assertEquals(DumpSection.INDEXES, sections.get("t t_u"), "a quoted name is no keyword");
        assertEquals(DumpSection.INDEXES, sections.get("t t_x"));
        assertEquals(DumpSection.INDEXES, sections.get("i"));
        assertEquals(DumpSection.KEYS, sections.get("ri"), "the replica identity's index");
        assertEquals(DumpSection.INDEXES, sections.get("i2"));
        assertEquals(DumpSection.LATE, sections.get("mv late"), "pg_dump put it behind a primary key");
        assertEquals(DumpSection.LATE, sections.get("i3"), "and its index with it");
        assertEquals(DumpSection.ATTACH, sections.get("i4"));
        assertEquals(DumpSection.CONSTRAINTS, sections.get("t nn"));
        assertEquals(DumpSection.CONSTRAINTS, sections.get("t fk"));
        assertEquals(DumpSection.LATE, sections.get("INDEX i"));
        assertEquals(DumpSection.LATE, sections.get("v _RETURN"));
    }

    @Test
    void aDumpThatBreaksOffIsRefused() {
        String dump = PREAMBLE + heading(1, "class 1255 OID 1", "f()", "FUNCTION", "public");
        assertThrows(
                IllegalArgumentException.class, () -> DumpSplitter.split(dump + "CREATE FUNCTION f() AS $$ begin"));
        assertThrows(IllegalArgumentException.class, () -> DumpSplitter.split(dump + "CREATE TABLE t (id int"));
        assertFalse(DumpSplitter.split(dump + "CREATE TABLE t (id int);").isEmpty());
    }

    private static List<DumpEntry> split(String entries) {
        return DumpSplitter.split(PREAMBLE + entries + END);
    }

    private static String heading(int id, String object, String name, String type, String schema) {
        return "--\n-- TOC entry " + id + " (" + object + ")\n-- Name: " + name + "; Type: " + type + "; Schema: "
                + schema + "; Owner: -\n--\n\n";
    }
}
