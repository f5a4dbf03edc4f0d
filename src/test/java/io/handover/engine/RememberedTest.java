package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.handover.journal.JournalJson;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.pg.HandoverSchema;
import io.handover.pg.SqlLog;
import io.handover.testkit.DatabasePair;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is asked before anything is begun: whether both servers can be reached, and whether they belong together.
class RememberedTest {

    private static final MigrationId MINE = new MigrationId("00000001");

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    @Test
    void eitherServerThatCannotBeReachedIsNamed() {
        for (Side side : Side.values()) {
            Endpoint source = side == Side.SOURCE ? elsewhere(pair.source()) : pair.source();
            Endpoint target = side == Side.TARGET ? elsewhere(pair.target()) : pair.target();
            try (var servers = servers(source, target)) {
                var failed = assertThrows(EngineException.class, () -> Remembered.by(servers));
                assertEquals("3D000", failed.problem().code());
            }
        }
    }

    @Test
    void twoDatabasesThatKnowNothingOfEachOtherRememberNothing() throws Exception {
        try (var servers = servers(pair.source(), pair.target())) {
            assertEquals(Optional.empty(), Remembered.by(servers));
        }
    }

    /// When a removal broke off after the source, the rest can still be removed; from the right source.
    @Test
    void withNothingOnTheSourceItsAddressDecides() throws Exception {
        Endpoint other = new Endpoint(
                pair.server(Side.SOURCE).endpoint("postgres").profile(),
                pair.source().password());
        try (var servers = servers(pair.source(), pair.target());
                var session = servers.target().open("test")) {
            HandoverSchema.create(session, MINE);
            var plan = Plan.of(MINE, pair.source().profile(), pair.target().profile());
            try (var row = session.jdbc()
                    .prepareStatement("insert into handover.migration (id, plan, stage, owner)"
                            + " values ('00000001', ?, 'STREAMING', 'source')")) {
                row.setString(1, JournalJson.write(plan));
                row.executeUpdate();
            }
            assertEquals(MINE, Remembered.by(servers).orElseThrow().id());
            try (var wrong = servers(other, pair.target())) {
                var failed = assertThrows(EngineException.class, () -> Remembered.by(wrong));
                assertEquals("other-source", failed.problem().code());
            }
        }
    }

    private static Servers servers(Endpoint source, Endpoint target) {
        return Servers.of(
                Plan.of(MINE, source.profile(), target.profile()),
                new Credentials(source.password(), target.password()),
                new SqlLog(Clock.systemUTC()));
    }

    private static Endpoint elsewhere(Endpoint endpoint) {
        Profile p = endpoint.profile();
        return new Endpoint(
                new Profile(
                        p.name(),
                        p.host(),
                        p.port(),
                        "no such database",
                        p.user(),
                        p.tls(),
                        p.rootCertificate(),
                        p.environment()),
                endpoint.password());
    }
}
