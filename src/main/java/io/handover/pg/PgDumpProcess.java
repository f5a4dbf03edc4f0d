package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One run of `pg_dump` as a child of this process.
final class PgDumpProcess {

    private final ProcessBuilder builder;
    private final NamedThreads threads;
    private final Secret password;

    PgDumpProcess(ProcessBuilder builder, NamedThreads threads, Secret password) {
        this.builder = builder;
        this.threads = threads;
        this.password = password;
    }

    /// The little that a program prints for one option.
    ///
    /// @throws IOException if it cannot be started, fails, or takes longer than 10 s
    static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(builder.command().getFirst() + " does not answer");
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    /// Runs to the end.
    String run(Gate gate) throws IOException, PgDumpFailure, StoppedException, InterruptedException {
        return run(gate, () -> {});
    }

    /// Runs to the end.
    ///
    /// @param meanwhile called ten times a second, on this thread
    String run(Gate gate, Runnable meanwhile)
            throws IOException, PgDumpFailure, StoppedException, InterruptedException {
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            var dump = new Collected(process.getInputStream());
            var said = new Collected(process.getErrorStream());
            Thread reader = threads.start("pg_dump output", dump);
            Thread listener = threads.start("pg_dump messages", said);
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                if (gate.isStopped()) {
                    throw new StoppedException();
                }
                meanwhile.run();
            }
            reader.join();
            listener.join();
            if (process.exitValue() != 0) {
                if (gate.isStopped()) {
                    throw new StoppedException(); // which may have broken its connection before it was asked to end
                }
                throw PgDumpFailure.of(said.text(), process.exitValue(), password);
            }
            return plain(dump.text()); // throws if a part of it was lost
        } finally {
            end(process);
        }
    }

    /// Asked to end, `pg_dump` cancels what it runs on the server, and ends its own children.
    static void end(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /// Windows may have made two characters of every line's end; inside a function body too, where it
    /// matters.
    private static String plain(String dump) {
        return dump.startsWith("--\r\n") ? dump.replace("\r\n", "\n") : dump;
    }

    /// Everything from a stream, read on a thread of its own.
    static final class Collected implements Runnable {
        private final InputStream stream;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Optional<IOException> failure = Optional.empty();

        Collected(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            try (stream) {
                stream.transferTo(bytes);
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }

        /// Call it when the thread has ended.
        String text() throws IOException {
            if (failure.isPresent()) {
                throw new IOException("pg_dump's output cannot be read", failure.get());
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
