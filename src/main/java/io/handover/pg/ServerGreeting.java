package io.handover.pg;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads along what a server says until it is ready for the first query: who the backend is, to cancel it, and
/// why it does not let one in. Every message there is one byte of type and four of length, then the rest. One
/// thread feeds it, others may ask.
final class ServerGreeting {

    private static final int HEAD = 5;
    private static final int CANCEL_REQUEST = 80_877_102;

    private byte[] unread = {};
    private byte[] backend = {};
    private String sqlState = "";
    private boolean ready;

    /// Takes the next `length` bytes.
    synchronized void read(byte[] bytes, int length) {
        if (ready) {
            return;
        }
        var all = new ByteArrayOutputStream(unread.length + length);
        all.write(unread, 0, unread.length);
        all.write(bytes, 0, length);
        var buffer = ByteBuffer.wrap(all.toByteArray());
        while (!ready && buffer.remaining() >= HEAD) {
            buffer.mark();
            byte type = buffer.get();
            int size = buffer.getInt() - Integer.BYTES;
            if (size < 0 || size > buffer.remaining()) {
                buffer.reset();
                break;
            }
            byte[] body = new byte[size];
            buffer.get(body);
            take(type, body);
        }
        unread = new byte[ready ? 0 : buffer.remaining()];
        buffer.get(unread);
    }

    private void take(byte type, byte[] body) {
        switch (type) {
            case 'K' -> backend = body;
            case 'E' -> sqlState = state(body);
            case 'Z' -> ready = true;
            default -> {} // parameters, notices, and what belongs to the password
        }
    }

    /// Of an error's fields, each a letter and a text that ends with a zero, the one named `C`.
    private static String state(byte[] body) {
        for (String field : new String(body, StandardCharsets.UTF_8).split("\0", -1)) {
            if (field.startsWith("C")) {
                return field.substring(1);
            }
        }
        return "";
    }

    /// True once the server takes queries.
    synchronized boolean isReady() {
        return ready;
    }

    /// SQLSTATE with which the server refused; empty if it did not.
    synchronized String sqlState() {
        return sqlState;
    }

    /// The message that cancels whatever the backend runs, for a connection of its own; empty as long as the
    /// backend has not told who it is.
    synchronized byte[] cancelRequest() {
        if (backend.length == 0) {
            return backend;
        }
        int length = 2 * Integer.BYTES + backend.length;
        return ByteBuffer.allocate(length)
                .putInt(length)
                .putInt(CANCEL_REQUEST)
                .put(backend)
                .array();
    }
}
