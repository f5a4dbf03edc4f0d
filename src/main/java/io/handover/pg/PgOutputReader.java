package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.TableRef;
import io.handover.pg.PgOutputMessage.Cell;
import io.handover.pg.PgOutputMessage.Column;
import io.handover.pg.PgOutputMessage.Old;
import io.handover.pg.PgOutputMessage.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what the output plugin `pgoutput` writes (protocol version 1, values as text, client encoding
/// UTF-8).
public final class PgOutputReader {

    private static final int IDENTITY = 1;

    private PgOutputReader() {}

    /// Reads one message.
    ///
    /// @throws SQLException `XX001` if it is not one: a change that is not understood must not be passed over
    public static PgOutputMessage read(byte[] data) throws SQLException {
        var in = ByteBuffer.wrap(data);
        try {
            char type = (char) in.get();
            return switch (type) {
                case 'R' -> relation(in);
                case 'I' -> {
                    int relation = in.getInt();
                    expect(in, 'N');
                    yield new PgOutputMessage.Insert(relation, tuple(in));
                }
                case 'U' -> update(in);
                case 'D' -> new PgOutputMessage.Delete(in.getInt(), old(in, (char) in.get()));
                case 'T' -> truncate(in);
                case 'B' -> new PgOutputMessage.Begin(new Lsn(in.getLong()));
                case 'C', 'O', 'Y', 'M' -> new PgOutputMessage.Other(type);
                default -> throw garbled("a message of type " + (int) type);
            };
        } catch (BufferUnderflowException e) {
            throw new SQLException("a message of the stream is cut off", "XX001", e);
        }
    }

    private static PgOutputMessage relation(ByteBuffer in) throws SQLException {
        int id = in.getInt();
        String schema = string(in);
        String name = string(in);
        in.get(); // relreplident; the columns' flags say the same
        int count = in.getShort();
        var columns = new ArrayList<Column>(count);
        for (int i = 0; i < count; i++) {
            boolean identity = (in.get() & IDENTITY) != 0;
            columns.add(new Column(string(in), identity));
            in.getInt(); // type
            in.getInt(); // its modifier
        }
        return new PgOutputMessage.Relation(id, new TableRef(schema.isEmpty() ? "pg_catalog" : schema, name), columns);
    }

    private static PgOutputMessage update(ByteBuffer in) throws SQLException {
        int relation = in.getInt();
        char what = (char) in.get();
        Optional<Old> old = Optional.empty();
        if (what != 'N') {
            old = Optional.of(old(in, what));
            expect(in, 'N');
        }
        return new PgOutputMessage.Update(relation, old, tuple(in));
    }

    private static Old old(ByteBuffer in, char what) throws SQLException {
        return switch (what) {
            case 'K' -> new Old(false, tuple(in));
            case 'O' -> new Old(true, tuple(in));
            default -> throw garbled("an old row of type " + (int) what);
        };
    }

    private static PgOutputMessage truncate(ByteBuffer in) {
        int count = in.getInt();
        in.get(); // cascade, restart identity
        var relations = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            relations.add(in.getInt());
        }
        return new PgOutputMessage.Truncate(relations);
    }

    private static Tuple tuple(ByteBuffer in) throws SQLException {
        int count = in.getShort();
        List<Cell> cells = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            char kind = (char) in.get();
            cells.add(
                    switch (kind) {
                        case 'n' -> new Cell.Null();
                        case 'u' -> new Cell.Unchanged();
                        case 't' -> {
                            int length = in.getInt();
                            if (length < 0 || length > in.remaining()) {
                                throw garbled("a value of length " + length);
                            }
                            byte[] text = new byte[length];
                            in.get(text);
                            yield new Cell.Text(new String(text, StandardCharsets.UTF_8));
                        }
                        default -> throw garbled("a value of type " + (int) kind);
                    });
        }
        return new Tuple(cells);
    }

    /// A text that ends with a zero byte.
    private static String string(ByteBuffer in) {
        int from = in.position();
        while (in.get() != 0) {
            // only the end is looked for
        }
        byte[] text = new byte[in.position() - 1 - from];
        in.get(from, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void expect(ByteBuffer in, char what) throws SQLException {
        char found = (char) in.get();
        if (found != what) {
            throw garbled("a part of type " + (int) found + " where " + what + " belongs");
        }
    }

    private static SQLException garbled(String what) {
        return new SQLException("the stream has " + what + ", which is not understood", "XX001");
    }
}
