package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.pg.PoolerConsole;
import io.handover.pg.SqlLog;
import io.handover.testkit.PgBouncer;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the gate says of a real PgBouncer.
class PoolerGatesTest {

    private static final PasswordLookup KNOWN = _ -> PgBouncer.PASSWORD;
    private static final SqlLog LOG = new SqlLog(Clock.systemUTC());

    @TempDir
    Path folder;

    @Test
    void eachFaultClosesIt() throws Exception {
        var server = PgServer.major("18");
        Endpoint database = server.endpoint(server.newDatabase());
        try (var transactions = PgBouncer.start(folder, "transaction", database);
                var sessions = PgBouncer.start(folder, "session", database, "query_wait_timeout = 3")) {
            Pooler good = transactions.pooler(PgBouncer.ADMIN);
            GateReading open = read(KNOWN, good);
            assertTrue(open.open(), open::toString);
            assertTrue(open.detail().contains("transaction pooling"), open.detail());

            never(read(KNOWN, transactions.pooler(PgBouncer.WATCHER)), "may not pause");
            never(read(KNOWN, new Pooler(good.console(), "elsewhere")), "has no database elsewhere");
            GateReading wrong = read(_ -> Secret.of("wr0ng"), good);
            never(wrong, "does not answer");
            assertFalse(wrong.toString().contains("wr0ng"));
            never(read(KNOWN, new Pooler(on(good.console(), 1), "shop")), "does not answer");

            GateReading bySession = read(KNOWN, sessions.pooler(PgBouncer.ADMIN));
            possible(bySession, "pools by session");
            possible(bySession, "waits for 3 s, which is before the deadline");
            possible(read(Hooks.none(), KNOWN, good), "no switch hook");

            try (var console = PoolerConsole.open(new Endpoint(good.console(), PgBouncer.PASSWORD), Side.SOURCE, LOG)) {
                console.pause(good.database(), Duration.ofSeconds(5));
                possible(read(KNOWN, good), "waiting already");
                assertTrue(console.resume(good.database()));
                assertFalse(console.resume(good.database()), "it is not paused any more");
            }
        }
        server.drop(database.profile().database());
    }

    private static GateReading read(PasswordLookup passwords, Pooler pooler) {
        return read(new Hooks("", "true", "", "", "", Duration.ofSeconds(5)), passwords, pooler);
    }

    private static GateReading read(Hooks hooks, PasswordLookup passwords, Pooler pooler) {
        var plan = Plan.of(new MigrationId("0123abcd"), on(pooler.console(), 5432), on(pooler.console(), 5433))
                .with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Duration.ofDays(1), hooks)
                .withPoolers(List.of(pooler));
        List<GateReading> gates = new PoolerGates(passwords).read(plan, Side.SOURCE, LOG);
        assertEquals(1, gates.size());
        return gates.getFirst();
    }

    private static void never(GateReading gate, String words) {
        assertFalse(gate.open());
        assertTrue(gate.detail().contains(words), gate::toString);
        assertInstanceOf(Overriding.Never.class, gate.overriding());
    }

    private static void possible(GateReading gate, String words) {
        assertFalse(gate.open());
        assertTrue(gate.detail().contains(words), gate::toString);
        assertInstanceOf(Overriding.Possible.class, gate.overriding());
    }

    private static Profile on(Profile profile, int port) {
        return new Profile(
                "x",
                profile.host(),
                port,
                profile.database(),
                profile.user(),
                profile.tls(),
                "",
                profile.environment());
    }
}
