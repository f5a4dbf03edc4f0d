package io.handover.pg;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The server's first message to the built-in `pg_dump`. By TLS a server offers SCRAM bound to the channel too,
/// and libpq, which does not know that Java encrypts for it, refuses such an offer on what it takes for a plain
/// connection: it is shown the other one only.
final class SaslOffer {

    private static final String BOUND = "SCRAM-SHA-256-PLUS\0";
    private static final int SASL = 10;
    private static final int LONGEST = 2_000;

    private SaslOffer() {}

    /// Reads the first message, or of any other kind than a demand for a login its first byte only.
    ///
    /// @return what libpq shall read; empty at the end
    static byte[] readFirst(InputStream server) throws IOException {
        int type = server.read();
        if (type < 0) {
            return new byte[0];
        }
        if (type != 'R') {
            return new byte[] {(byte) type};
        }
        var data = new DataInputStream(server);
        int length = data.readInt();
        if (length < 2 * Integer.BYTES || length > LONGEST) {
            throw new IOException("what answers is no PostgreSQL server");
        }
        byte[] body = new byte[length - Integer.BYTES];
        data.readFully(body);
        if (ByteBuffer.wrap(body).getInt() == SASL) {
            body = new String(body, StandardCharsets.ISO_8859_1)
                    .replace(BOUND, "")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        var message = new ByteArrayOutputStream();
        message.write(type);
        message.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt(body.length + Integer.BYTES)
                .array());
        message.writeBytes(body);
        return message.toByteArray();
    }
}
