package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.handover.model.TableRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a table's rows may look like to whoever looks for their end.
class CopyScriptTest {

    private static final String HEAD = """
            \\restrict abc
            SET statement_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);

            --
            -- Data for Name: it's; Type: TABLE DATA; Schema: s; Owner: o
            --

            """;

    @Test
    void rowsEndWhereALineIsABackslashAndADotAndNowhereElse() throws Exception {
        var script = of(HEAD + "COPY \"s\".\"it's\" (\"a\") FROM stdin;\n\\\\.\n\\.x\nCOPY x FROM stdin;\n\n\\.\n\n\n"
                + "COPY \"s\".\"none\"  FROM stdin;\n\\.\n\n\n\\unrestrict abc\n");

        assertEquals(Optional.of("COPY \"s\".\"it's\" (\"a\")"), script.next());
        assertEquals("\\\\.\n\\.x\nCOPY x FROM stdin;\n\n", rows(script, 4));
        assertEquals(Optional.of("COPY \"s\".\"none\" "), script.next());
        assertEquals("", rows(script, 4));
        assertEquals(Optional.empty(), script.next());
    }

    @Test
    void aNameMayHaveLineEndsQuotesAndSemicolons() throws Exception {
        String name = "\"s\".\"a;\n'b\"\"\n FROM stdin;\n\"";
        var script = of(HEAD + "COPY " + name + " (\"x'\", \"y\") FROM stdin;\n1\t2\n\\.\n");

        String statement = script.next().orElseThrow();
        assertEquals("COPY " + name + " (\"x'\", \"y\")", statement);
        assertEquals("1\t2\n", rows(script, 100));
        var other = new TableRef("other", "leaf");
        assertEquals(
                "copy \"other\".\"leaf\" (\"x'\", \"y\") from stdin (freeze)", ArchivePipe.in(other, statement, true));
    }

    @Test
    void aRowLongerThanAnyBufferIsOneRow() throws Exception {
        String row = "x".repeat(700_000) + "\n";
        var script = of("COPY \"s\".\"t\" (\"a\") FROM stdin;\n" + row + row + "\\.\n");

        script.next();
        assertEquals(row + row, rows(script, 100_000));
    }

    @Test
    void whatEndsTooEarlyIsAnError() throws Exception {
        var script = of("COPY \"s\".\"t\" (\"a\") FROM stdin;\n1\n2\n");

        script.next();
        assertThrows(EOFException.class, () -> rows(script, 1));
    }

    private static CopyScript of(String text) {
        return new CopyScript(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String rows(CopyScript script, int room) throws IOException {
        var rows = new ByteArrayOutputStream();
        var buffer = new byte[room];
        for (int read; (read = script.read(buffer)) > 0; ) {
            rows.write(buffer, 0, read);
        }
        return rows.toString(StandardCharsets.UTF_8);
    }
}
