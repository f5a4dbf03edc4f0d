package io.handover.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.TestContext;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.PasswordLookup;
import io.handover.model.Pooler;
import io.handover.model.Secret;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.pg.PgDump;
import io.handover.pg.PoolerConsole;
import io.handover.testkit.PgBouncer;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What preflight says of a real PgBouncer.
class PoolersCheckTest {

    private static final PasswordLookup KNOWN = _ -> PgBouncer.PASSWORD;

    @TempDir
    Path folder;

    @Test
    void eachFaultIsWarnedOfWithWhatToDoAndAGoodOnePasses() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("18"));
                var good = PgBouncer.start(folder, "transaction", endpoint(with, Side.SOURCE));
                var sessions =
                        PgBouncer.start(folder, "session", endpoint(with, Side.TARGET), "query_wait_timeout = 3")) {
            Pooler admin = good.pooler(PgBouncer.ADMIN);
            assertEquals(List.of(), find(with, KNOWN, admin));
            assertEquals(List.of(), find(with, KNOWN), "a plan without any");

            one(find(with, KNOWN, good.pooler(PgBouncer.WATCHER)), "watcher may not pause", "admin_users");
            one(
                    find(with, KNOWN, new Pooler(admin.console(), "elsewhere")),
                    "has no database elsewhere",
                    "SHOW DATABASES");
            List<Finding> wrong = find(with, _ -> Secret.of("wr0ng"), admin);
            one(wrong, "does not answer", "password");
            assertFalse(wrong.toString().contains("wr0ng"));

            List<Finding> other = find(with, KNOWN, sessions.pooler(PgBouncer.ADMIN));
            assertEquals(3, other.size(), other::toString);
            one(other.subList(0, 1), "not the source's database", "whose clients use");
            one(other.subList(1, 2), "by session", "pool_mode = transaction");
            one(other.subList(2, 3), "waits for 3 s", "query_wait_timeout");

            try (var console = PoolerConsole.open(
                    new Endpoint(admin.console(), PgBouncer.PASSWORD),
                    Side.SOURCE,
                    with.server(Side.SOURCE).log())) {
                console.pause(admin.database(), Duration.ofSeconds(5));
                one(find(with, KNOWN, admin), "waiting", "RESUME " + admin.database());
                console.resume(admin.database());
            }
        }
    }

    @Test
    void versionsThatNobodyHasTriedAreTold() {
        assertTrue(PoolersCheck.untried("PgBouncer 1.9.0"));
        assertTrue(PoolersCheck.untried("pgbouncer version"));
        assertFalse(PoolersCheck.untried("PgBouncer 1.12.0"));
        assertFalse(PoolersCheck.untried("PgBouncer 1.18.0"));
        assertFalse(PoolersCheck.untried("PgBouncer 2.0.0"));
    }

    private static List<Finding> find(TestContext with, PasswordLookup passwords, Pooler... poolers) throws Exception {
        return Preflight.run(
                        with.plan().withPoolers(List.of(poolers)),
                        with.server(Side.SOURCE),
                        with.server(Side.TARGET),
                        PgDump.installed(with.threads()),
                        passwords,
                        Clock.systemUTC())
                .findings()
                .stream()
                .filter(finding -> finding.check().equals("pgbouncer"))
                .toList();
    }

    private static void one(List<Finding> found, String title, String remedy) {
        assertEquals(1, found.size(), found::toString);
        assertEquals(Severity.WARNING, found.getFirst().severity());
        assertTrue(found.getFirst().title().contains(title), found::toString);
        assertTrue(found.getFirst().remedy().contains(remedy), found::toString);
        assertFalse(found.getFirst().why().isEmpty());
    }

    private static Endpoint endpoint(TestContext with, Side side) {
        return with.server(side).endpoint();
    }
}
