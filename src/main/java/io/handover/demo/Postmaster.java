package io.handover.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server process that owns a data folder, found by the pid file it keeps there.
final class Postmaster {

    private Postmaster() {}

    /// The running server of `data`; empty if there is none, or if the number now belongs to some other program.
    static Optional<ProcessHandle> of(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("-?\\d{1,18}")) {
            return Optional.empty(); // being written, or cut off by a crash
        }
        long pid = Math.abs(Long.parseLong(lines.getFirst().strip()));
        return ProcessHandle.of(pid)
                .filter(process -> process.info()
                        .command()
                        .map(command ->
                                Path.of(command).getFileName().toString().startsWith("postgres"))
                        .orElse(false));
    }

    /// Ends the server at once, as a power cut would, and waits until every one of its processes is gone.
    ///
    /// @throws IOException if one is still there after 20 seconds
    static void kill(ProcessHandle postmaster) throws IOException, InterruptedException {
        var family = new ArrayList<ProcessHandle>();
        family.add(postmaster); // first, so that it starts no crash recovery
        postmaster.descendants().forEach(family::add);
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(family, Duration.ofSeconds(20));
    }

    /// Waits until `processes` have ended.
    ///
    /// @throws IOException if one is still there after `limit`
    static void awaitEnd(List<ProcessHandle> processes, Duration limit) throws IOException, InterruptedException {
        var ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("A PostgreSQL process is still there after " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("The end of a PostgreSQL process could not be seen", e);
        }
    }
}
