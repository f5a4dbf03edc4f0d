package io.handover.engine.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.handover.model.Endpoint;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A connection that fails says what to look at: nobody should look for a firewall when it is the
/// certificate.
class ConnectingProblemsTest {

    private final Endpoint there = PgServer.major("17").endpoint("postgres");

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void aServerWithoutTlsIsNotLookedForBehindAFirewallFirst(TlsMode mode) {
        assertThat(problem(profile(there.profile().host(), mode)).action()).startsWith("The connection insists on TLS");
    }

    @Test
    void aHostThatIsNotKnownIsToldAsSuch() {
        Problem problem = problem(profile("nobody.invalid", TlsMode.PREFER));
        assertThat(problem.details()).contains("UnknownHost");
        assertThat(problem.action()).startsWith("Check host and port");
    }

    private Profile profile(String host, TlsMode mode) {
        Profile known = there.profile();
        return new Profile(
                known.name(), host, known.port(), known.database(), known.user(), mode, "", known.environment());
    }

    private Problem problem(Profile profile) {
        try (var server =
                new Server(Side.TARGET, new Endpoint(profile, there.password()), new SqlLog(Clock.systemUTC()))) {
            SQLException failed = catchThrowableOfType(() -> server.open("test").close(), SQLException.class);
            return Problems.connecting(failed, profile);
        }
    }
}
