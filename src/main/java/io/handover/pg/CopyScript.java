package io.handover.pg;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads a script of `pg_restore` that has nothing but rows: settings, and for each table a `COPY … FROM
/// stdin;` with its rows and `\.` on a line of its own. A name in a statement may hold quotes and line
/// ends; a row is one line.
final class CopyScript {

    private static final String END = " FROM stdin;";

    private final InputStream in;
    private final byte[] buffer = new byte[256 * 1024];
    private int from;
    private int to;
    private boolean inRows;
    private boolean lineBegins;

    CopyScript(InputStream in) {
        this.in = in;
    }

    /// Goes on to the next table; what is left of the last one's rows must have been read.
    ///
    /// @return `COPY "s"."t" (…)`; empty at the end
    Optional<String> next() throws IOException {
        if (inRows) {
            throw new IllegalStateException("the rows of a table have not been read to their end");
        }
        var statement = new ByteArrayOutputStream();
        var quotes = new Quotes();
        while (line(statement, quotes)) {
            String text = statement.toString(StandardCharsets.UTF_8);
            String line = text.stripTrailing();
            // psql's own commands (\restrict) begin with a backslash
            boolean nothing = line.isEmpty() || line.startsWith("--") || line.startsWith("\\");
            boolean whole = nothing || (quotes.closed() && line.endsWith(";"));
            if (whole) {
                if (!nothing && line.startsWith("COPY ") && line.endsWith(END)) {
                    inRows = true;
                    lineBegins = true;
                    return Optional.of(line.substring(0, line.length() - END.length()));
                }
                statement.reset();
                quotes = new Quotes();
            }
        }
        if (statement.size() > 0) {
            throw new EOFException("it ends within a statement");
        }
        return Optional.empty();
    }

    /// The next bytes of the rows, line ends and all, without the `\.`.
    ///
    /// @return how many, at least 1; -1 after the last
    int read(byte[] into) throws IOException {
        if (!inRows) {
            return -1;
        }
        int filled = 0;
        while (filled < into.length) {
            if (lineBegins && ended()) {
                inRows = false;
                return filled == 0 ? -1 : filled;
            }
            if (from == to && !fill(1)) {
                throw new EOFException("it ends within the rows of a table");
            }
            int until = from;
            int most = Math.min(to, from + into.length - filled);
            while (until < most && buffer[until] != '\n') {
                until++;
            }
            lineBegins = until < most;
            until += lineBegins ? 1 : 0;
            System.arraycopy(buffer, from, into, filled, until - from);
            filled += until - from;
            from = until;
        }
        return filled;
    }

    /// Whether the line that begins is `\.`; then it is skipped.
    private boolean ended() throws IOException {
        if (!fill(3) || buffer[from] != '\\' || buffer[from + 1] != '.') {
            return false;
        }
        if (buffer[from + 2] != '\n' && buffer[from + 2] != '\r') {
            return false;
        }
        line(new ByteArrayOutputStream(), new Quotes());
        return true;
    }

    /// Adds one line to `text`.
    ///
    /// @return false at the end
    private boolean line(ByteArrayOutputStream text, Quotes quotes) throws IOException {
        boolean any = false;
        while (from < to || fill(1)) {
            byte next = buffer[from++];
            text.write(next);
            quotes.see(next);
            any = true;
            if (next == '\n') {
                break;
            }
        }
        return any;
    }

    /// Sees that at least `wanted` bytes are there.
    ///
    /// @return false if there are no more so many
    private boolean fill(int wanted) throws IOException {
        if (to - from < wanted) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            while (to < wanted) {
                int more = in.read(buffer, to, buffer.length - to);
                if (more < 0) {
                    return false;
                }
                to += more;
            }
        }
        return true;
    }

    /// Whether one is inside a quoted name or a text.
    private static final class Quotes {
        private boolean name;
        private boolean text;

        void see(byte next) {
            if (next == '"' && !text) {
                name = !name;
            } else if (next == '\'' && !name) {
                text = !text;
            }
        }

        boolean closed() {
            return !name && !text;
        }
    }
}
