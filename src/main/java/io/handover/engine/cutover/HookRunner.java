package io.handover.engine.cutover;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.HookRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs the user's own commands around a cutover, each with a time limit. Never fails itself: what went wrong
/// is in the `HookRun`.
public final class HookRunner {

    private static final Duration BETWEEN_ASKS = Duration.ofMillis(250);
    private static final Duration ONE_ASK = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final NamedThreads threads;

    /// Starts no thread yet.
    public HookRunner(NamedThreads threads) {
        this.threads = threads;
    }

    /// Runs `command` by the platform's shell, without input. Past `limit` it and what it has started are
    /// killed.
    ///
    /// @param name of the hook, for example `switch`
    /// @throws InterruptedException if the thread is interrupted; the command is killed
    public HookRun command(String name, String command, HookEnvironment environment, Duration limit)
            throws InterruptedException {
        return command(name, command, environment, limit, Optional.empty());
    }

    /// The same by a shell that waits for it already, if there is one.
    HookRun command(
            String name, String command, HookEnvironment environment, Duration limit, Optional<HookShell> waiting)
            throws InterruptedException {
        return run(name, command, () -> start(command, environment, waiting), environment, limit);
    }

    private HookRun run(String name, String command, Starting starting, HookEnvironment environment, Duration limit)
            throws InterruptedException {
        long start = System.nanoTime();
        Process process;
        try {
            process = starting.start();
        } catch (IOException e) {
            String why = environment.masked(String.valueOf(e.getMessage()));
            return new HookRun(name, command, -1, false, "could not be run: " + why, since(start));
        }
        var output = new HookOutput(environment);
        ExecutorService reader = threads.single("hook " + name);
        Future<?> reading = reader.submit(() -> output.readAll(process.getInputStream()));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
            }
            // What it left running in the background may keep the pipe open: its words are not waited for.
            String note = lastWords(reading);
            int exit = ended ? process.exitValue() : -1;
            String said = output.text() + (ended ? note : "\nended after " + limit.toMillis() + " ms, its time limit");
            return new HookRun(name, command, exit, ended && exit == 0, said.strip(), since(start));
        } finally {
            kill(process);
            reader.shutdownNow();
        }
    }

    /// A shell that waits to run `command`, so that the pause need not wait for a process to start.
    ///
    /// @return empty if there is nothing to run or no such shell; then it is started when it is needed
    Optional<HookShell> ready(String command, HookEnvironment environment) {
        if (command.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HookShell.waiting(command, environment));
        } catch (IOException _) {
            return Optional.empty(); // running it will say why
        }
    }

    /// Has the shell read `command` without running it. Where the shell cannot do that (Windows) nothing is found.
    public HookRun parse(String name, String command, Duration limit) throws InterruptedException {
        if (HookShell.WINDOWS) {
            return new HookRun(name, command, 0, true, "", Duration.ZERO);
        }
        var nothing = new HookEnvironment(Map.of(), List.of());
        return run(name, command, () -> HookShell.parse(command, nothing), nothing, limit);
    }

    /// Asks `url` by GET again and again until it answers 2xx, for an application that is just starting.
    ///
    /// @return with the last answer's status as `exit`; -1 if there was none
    public HookRun health(String url, Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        URI uri;
        try {
            uri = URI.create(url);
            HttpRequest.newBuilder(uri);
        } catch (IllegalArgumentException e) {
            return new HookRun("health-check", url, -1, false, "not a URL: " + e.getMessage(), since(start));
        }
        var pool = threads.pool("health-check", 2);
        try (var client = HttpClient.newBuilder()
                .executor(pool)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ONE_ASK)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            var pause = new Gate();
            while (true) {
                Duration left = limit.minus(since(start));
                HookRun run = ask(client, uri, shorter(left, ONE_ASK), start);
                if (run.ok() || limit.minus(since(start)).compareTo(BETWEEN_ASKS) <= 0) {
                    client.shutdownNow();
                    return run;
                }
                pause.pause(BETWEEN_ASKS.toMillis());
            }
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static HookRun ask(HttpClient client, URI uri, Duration limit, long start) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri)
                    .timeout(limit.isPositive() ? limit : Duration.ofMillis(1))
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            int status = answer.statusCode();
            String body = answer.body();
            String shown = body.length() > HookOutput.LIMIT ? body.substring(0, HookOutput.LIMIT) : body;
            return new HookRun("health-check", uri.toString(), status, status / 100 == 2, shown, since(start));
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            return new HookRun("health-check", uri.toString(), -1, false, why, since(start));
        }
    }

    private static Process start(String command, HookEnvironment environment, Optional<HookShell> waiting)
            throws IOException {
        if (waiting.isPresent()) {
            try {
                return waiting.get().go();
            } catch (IOException _) {
                // somebody has ended it: it has run nothing
            }
        }
        return HookShell.start(command, environment);
    }

    @FunctionalInterface
    private interface Starting {
        Process start() throws IOException;
    }

    /// The children first: a shell that is killed does not kill them.
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String lastWords(Future<?> reading) throws InterruptedException {
        try {
            reading.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            return "";
        } catch (TimeoutException _) {
            return "\n(something it started goes on)";
        } catch (ExecutionException e) {
            return "\n(its output could not be read: " + e.getCause() + ")";
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
