package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A superuser's session that only a superuser could end: whoever may not must not hand over.
class SuperuserSessionTest {

    @ParameterizedTest
    @ValueSource(strings = {"13", "15"})
    void itRefusesTheHandOverAndIsNamed(String version) throws Exception {
        try (var world = new CutoverWorld(version, "18");
                var superuser = world.open(Side.SOURCE);
                var admin = world.open(Side.SOURCE);
                var sql = admin.createStatement();
                var writing = superuser.createStatement()) {
            writing.execute("set default_transaction_read_only = off");
            String role = "plain_" + world.plan().id();
            sql.execute("create role " + role + " login password 'secret' in role pg_signal_backend");
            try {
                refuses(world, role);
            } finally {
                sql.execute("drop role " + role);
            }
            writing.execute("insert into ledger values (1, 1, 'still there')");
            world.same();
        }
    }

    private static void refuses(CutoverWorld world, String role) throws SQLException {
        Profile profile = world.plan().source();
        var endpoint = new Endpoint(
                new Profile(
                        "plain",
                        profile.host(),
                        profile.port(),
                        profile.database(),
                        role,
                        profile.tls(),
                        "",
                        profile.environment()),
                Secret.of("secret"));
        try (var server = new Server(Side.SOURCE, endpoint, new SqlLog(Clock.systemUTC()));
                var owner = server.open("cutover owner");
                var locks = server.open("cutover locks")) {
            var old = new OldSessions(server, owner, locks.pid(), Optional.empty());
            for (boolean all : new boolean[] {false, true}) {
                Setback refusal = assertThrows(Setback.class, () -> {
                    var _ = all ? old.endAll(LONG) : old.settle(LONG);
                });
                assertEquals("session-not-endable", refusal.problem().code());
                assertTrue(refusal.problem().details().contains("shop"), refusal.problem()::details);
            }
        }
    }
}
