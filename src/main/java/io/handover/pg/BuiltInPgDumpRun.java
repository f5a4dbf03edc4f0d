package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Secret;
import io.handover.pg.wasm.WasmPgDump;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the built-in `pg_dump`, on a thread of its own so that it can be stopped.
final class BuiltInPgDumpRun {

    private static final Logger LOG = LoggerFactory.getLogger(BuiltInPgDumpRun.class);

    private static final int LOOK_AT_GATE = 100; // milliseconds
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final DumpWire wire;
    private final Secret password;
    private final Thread thread;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private int status;
    private Optional<Throwable> failure = Optional.empty();

    /// Starts it. The wire is closed at the end.
    BuiltInPgDumpRun(
            WasmPgDump program,
            NamedThreads threads,
            DumpWire wire,
            Secret password,
            List<String> arguments,
            Map<String, String> environment) {
        this.wire = wire;
        this.password = password;
        this.thread = threads.start("pg_dump", () -> run(program, arguments, environment));
    }

    // WebAssembly ends in runtime exceptions, or in an Error where its stack or the heap is not enough
    private void run(WasmPgDump program, List<String> arguments, Map<String, String> environment) {
        try (wire) {
            status = program.run(arguments, environment, wire, output, messages);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            failure = Optional.of(e);
        }
    }

    /// Waits for its end.
    void await(Gate gate) throws StoppedException, InterruptedException {
        try {
            while (!thread.join(Duration.ofMillis(LOOK_AT_GATE))) {
                if (gate.isStopped()) {
                    throw new StoppedException();
                }
            }
        } finally {
            if (thread.isAlive()) {
                end();
            }
        }
    }

    private void end() throws InterruptedException {
        try {
            wire.cancel();
        } catch (IOException e) {
            LOG.info("pg_dump's query could not be cancelled; it ends when the server sees that nobody listens", e);
        }
        try {
            wire.close();
        } catch (IOException e) {
            LOG.info("pg_dump's connection did not close in good order", e);
        }
        thread.interrupt();
        thread.join(LAST_WORDS);
    }

    /// True if it spoke by TLS.
    boolean wasEncrypted() {
        return wire.isEncrypted();
    }

    /// SQLSTATE with which the server refused the login; empty if it did not.
    String refusal() {
        return wire.refusal();
    }

    /// The dump; after `await`.
    ///
    /// @param mend makes of its messages what a person shall read
    /// @throws PgDumpFailure if there is none
    String dump(UnaryOperator<String> mend) throws PgDumpFailure {
        if (failure.isPresent()) {
            Throwable cause = failure.get();
            throw new PgDumpFailure(
                    "pg_dump did not come to its end: "
                            + (cause instanceof OutOfMemoryError ? "not enough memory" : cause.getMessage()),
                    cause);
        }
        if (status != 0) {
            throw PgDumpFailure.of(mend.apply(messages.toString(StandardCharsets.UTF_8)), status, password);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
