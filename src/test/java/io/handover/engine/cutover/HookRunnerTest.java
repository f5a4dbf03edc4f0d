package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.handover.flow.NamedThreads;
import io.handover.model.ConnectionText;
import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS) // its commands are for /bin/sh
class HookRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Secret SOURCE_PASSWORD = Secret.of("p@ss 'w\"ö/rd$HOME");
    private static final Secret TARGET_PASSWORD = Secret.of("zweites:geheim?");
    private static final Endpoint SOURCE = endpoint("old.example", 5432, "Shop db", SOURCE_PASSWORD);
    private static final Endpoint TARGET = endpoint("fe80::1", 5433, "shop/2", TARGET_PASSWORD);
    private static final HookEnvironment ENVIRONMENT =
            HookEnvironment.of(new MigrationId("0badcafe"), SOURCE, TARGET, Side.SOURCE, Side.TARGET);

    private final HookRunner hooks = new HookRunner(new NamedThreads(_ -> {}));

    @Test
    void theEnvironmentPointsToTheNewOwner() {
        var url = ConnectionText.parse(ENVIRONMENT.variables().get("DATABASE_URL"));
        assertEquals("fe80::1", url.host());
        assertEquals(5433, url.port());
        assertEquals("shop/2", url.database());
        assertEquals("app user", url.user());
        assertEquals(TARGET_PASSWORD, url.password());
        var source = ConnectionText.parse(ENVIRONMENT.variables().get("HANDOVER_SOURCE_URL"));
        assertEquals(SOURCE_PASSWORD, source.password());
        assertEquals("Shop db", source.database());
    }

    @Test
    void aCommandSeesItAndItsOutputHasNoPassword() throws Exception {
        var run = hooks.command(
                "switch",
                "echo \"$HANDOVER_FROM to $HANDOVER_TO in $HANDOVER_MIGRATION: $PGHOST $PGPORT $PGDATABASE $PGUSER\";"
                        + " echo \"[$PGPASSWORD]\"; echo \"$DATABASE_URL $HANDOVER_SOURCE_URL\" >&2",
                ENVIRONMENT,
                LONG);
        assertEquals(0, run.exit());
        assertTrue(run.ok());
        assertTrue(run.output().startsWith("source to target in 0badcafe: fe80::1 5433 shop/2 app user"), run.output());
        assertTrue(run.output().contains("[••••••]"), run.output());
        assertTrue(run.output().contains("postgresql://app%20user:••••••@[fe80::1]:5433/shop%2F2"), run.output());
        assertFalse(run.output().contains("geheim"), run.output());
        assertFalse(run.output().contains("p%40ss"), run.output());
    }

    @Test
    void aFailureIsItsExitStatus() throws Exception {
        var run = hooks.command("before-freeze", "echo no; exit 7", ENVIRONMENT, LONG);
        assertEquals(7, run.exit());
        assertFalse(run.ok());
        assertEquals("no", run.output());
        assertEquals(
                127,
                hooks.command("switch", "no-such-command-here", ENVIRONMENT, LONG)
                        .exit());
    }

    @Test
    void pastItsLimitItIsKilledWithItsChildren() throws Exception {
        var run = hooks.command("switch", "sleep 600 & echo $!; wait", ENVIRONMENT, Duration.ofMillis(700));
        assertEquals(-1, run.exit());
        assertFalse(run.ok());
        assertTrue(run.took().compareTo(Duration.ofSeconds(20)) < 0, "did not wait for it");
        long child = Long.parseLong(run.output().lines().findFirst().orElseThrow());
        // A killed process whose parent is gone may stay in the table, without a command.
        Eventually.await(
                LONG,
                "the child is gone",
                () -> ProcessHandle.of(child)
                        .filter(ProcessHandle::isAlive)
                        .flatMap(handle -> handle.info().command())
                        .isEmpty());
    }

    @Test
    void whatItLeavesInTheBackgroundIsNotWaitedFor() throws Exception {
        var run = hooks.command("switch", "sleep 20 & echo started", ENVIRONMENT, Duration.ofSeconds(60));
        assertTrue(run.ok());
        assertTrue(run.output().startsWith("started"), run.output());
        assertTrue(run.took().compareTo(Duration.ofSeconds(15)) < 0, "took " + run.took());
    }

    @Test
    void ofALongOutputTheEndIsKeptAndNoPartOfAPassword() throws Exception {
        var run = hooks.command(
                "after",
                "i=0; while [ $i -lt 3000 ]; do echo \"$i $PGPASSWORD\"; i=$((i+1)); done; echo the end",
                ENVIRONMENT,
                LONG);
        assertTrue(run.output().length() <= 16_000, "kept " + run.output().length());
        assertTrue(run.output().endsWith("the end"));
        assertFalse(run.output().contains("geheim"), "not even in part");
    }

    @Test
    void healthIsAskedUntilItAnswersWell() throws Exception {
        var asked = new AtomicInteger();
        var server = server(asked, 3);
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/health";
            var run = hooks.health(url, LONG);
            assertEquals(200, run.exit());
            assertTrue(run.ok());
            assertEquals(4, asked.get());

            asked.set(-1_000);
            var sick = hooks.health(url, Duration.ofMillis(600));
            assertEquals(503, sick.exit());
            assertFalse(sick.ok());
        } finally {
            server.stop(0);
        }
        assertEquals(
                -1, hooks.health("http://127.0.0.1:1/", Duration.ofMillis(300)).exit());
        assertEquals(-1, hooks.health("not a url", LONG).exit());
        assertEquals(-1, hooks.health("ftp://example.org/", LONG).exit());
    }

    /// Answers 503 so often, then 200.
    private static HttpServer server(AtomicInteger asked, int sick) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            int status = asked.incrementAndGet() <= sick ? 503 : 200;
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Endpoint endpoint(String host, int port, String database, Secret password) {
        return new Endpoint(
                new Profile("p", host, port, database, "app user", TlsMode.PREFER, "", Environment.TEST), password);
    }
}
