package io.handover.pg.wasm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import run.endive.runtime.Memory;

/// Files, as far as one run of `pg_dump` has any: two streams to write to, and random numbers to read. The
/// environment belongs here too.
final class Descriptors {

    /// Number of the one connection.
    static final long WIRE = 5;

    private static final int RANDOM = 10;
    private static final int OUTPUT = 1;

    /// What a copy of a number adds to it, so that the copy is known.
    private static final int COPY = 20;

    private static final long NO_SUCH_FILE = -44;
    private static final long BAD_NUMBER = 8;
    private static final long NOT_SEEKABLE = 70;

    private final SecureRandom random = new SecureRandom();
    private final List<byte[]> environment;
    private final OutputStream output;
    private final OutputStream messages;

    Descriptors(Map<String, String> environment, OutputStream output, OutputStream messages) {
        this.environment = environment.entrySet().stream()
                .map(e -> (e.getKey() + "=" + e.getValue() + "\0").getBytes(StandardCharsets.UTF_8))
                .toList();
        this.output = output;
        this.messages = messages;
    }

    void addTo(Map<String, World.Call> calls, Memory memory) {
        calls.put(
                "fd_write", a -> transfer(a, memory, (at, length) -> write((int) a[0], memory.readBytes(at, length))));
        calls.put("fd_read", a -> {
            if (a[0] != RANDOM) {
                return BAD_NUMBER;
            }
            return transfer(a, memory, (at, length) -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                memory.write(at, bytes, 0, length);
            });
        });
        calls.put("fd_fdstat_get", a -> {
            memory.writeLong((int) a[1], 2); // a character device, which may do everything
            memory.writeLong((int) a[1] + 8, -1);
            memory.writeLong((int) a[1] + 16, -1);
            return 0;
        });
        calls.put("fd_seek", _ -> NOT_SEEKABLE);
        calls.put("fd_close", _ -> 0);
        calls.put("fd_sync", _ -> 0);
        calls.put("__syscall_dup", a -> a[0] + COPY);
        calls.put("__syscall_dup3", a -> a[1]);
        calls.put("__syscall_openat", a -> {
            String name = memory.readCString((int) a[1], StandardCharsets.UTF_8);
            return name.equals("/dev/urandom") || name.equals("/dev/random") ? RANDOM : NO_SUCH_FILE;
        });
        calls.put("environ_sizes_get", a -> {
            memory.writeI32((int) a[0], environment.size());
            memory.writeI32(
                    (int) a[1], environment.stream().mapToInt(e -> e.length).sum());
            return 0;
        });
        calls.put("environ_get", a -> {
            int pointer = (int) a[0];
            int text = (int) a[1];
            for (byte[] variable : environment) {
                memory.writeI32(pointer, text);
                memory.write(text, variable, 0, variable.length);
                pointer += 4;
                text += variable.length;
            }
            return 0;
        });
    }

    /// Goes through the pieces of a scattered read or write: `a[2]` pairs of place and length from `a[1]` on; the
    /// sum of the lengths goes to `a[3]`.
    private static long transfer(long[] a, Memory memory, Piece piece) throws IOException {
        int sum = 0;
        for (int i = 0; i < (int) a[2]; i++) {
            int length = memory.readInt((int) a[1] + 8 * i + 4);
            piece.at(memory.readInt((int) a[1] + 8 * i), length);
            sum += length;
        }
        memory.writeI32((int) a[3], sum);
        return 0;
    }

    private void write(int number, byte[] bytes) throws IOException {
        (number == OUTPUT || number == OUTPUT + COPY ? output : messages).write(bytes);
    }

    /// Does something with a part of the memory.
    @FunctionalInterface
    private interface Piece {
        void at(int place, int length) throws IOException;
    }
}
