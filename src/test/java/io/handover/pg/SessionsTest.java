package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Session;
import io.handover.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void oursAreKnownByPidAndOthersCannotHideBehindOurName(String major) throws Exception {
        try (var at = new Ownership(major);
                var application = at.application();
                var disguised = at.application();
                var monitor = at.server.monitor()) {
            disguised.setClientInfo("ApplicationName", "handover watchdog 1");

            var others = Sessions.others(monitor, at.server.backends());

            assertEquals(Set.of("shop", "handover watchdog 1"), names(others));
            Sessions.end(at.control, others.stream().map(Session::pid).toList());
            Eventually.await(
                    LONG,
                    "both are gone",
                    () -> Sessions.others(monitor, at.server.backends()).isEmpty());
            assertTrue(!application.isValid(5)
                    && !disguised.isValid(5)
                    && at.control.jdbc().isValid(5));
        }
    }

    @Test
    void whoWroteAndWhatIsPreparedIsSeen() throws Exception {
        try (var at = new Ownership("15");
                var application = at.application();
                var sql = application.createStatement()) {
            sql.execute("create table t (id int)");
            application.setAutoCommit(false);
            sql.execute("insert into t values (1)");
            var writing = Sessions.others(at.control.jdbc(), at.server.backends());
            assertEquals(List.of(true), writing.stream().map(Session::writes).toList());

            sql.execute("prepare transaction 'it''s prepared'");
            var prepared = Sessions.prepared(at.control.jdbc());
            assertEquals(1, prepared.size());
            assertTrue(prepared.getFirst().startsWith("'it''s prepared' of postgres"), prepared.getFirst());
            application.setAutoCommit(true);
            sql.execute("rollback prepared 'it''s prepared'");
            assertEquals(List.of(), Sessions.prepared(at.control.jdbc()));
        }
    }

    @Test
    void aRoleMayEndItsOwnSessionsButNotASuperusers() throws Exception {
        try (var at = new Ownership("15");
                var superuser = at.application();
                var sql = superuser.createStatement()) {
            sql.execute("drop role if exists plain_mover");
            sql.execute("create role plain_mover login");
            int pid = at.control.pid();
            sql.execute("set role plain_mover");
            assertEquals(Set.of(), Sessions.endable(superuser, Set.of(pid)));
            sql.execute("reset role");
            assertEquals(Set.of(pid), Sessions.endable(superuser, Set.of(pid)));
            sql.execute("drop role plain_mover");
        }
    }

    private static Set<String> names(List<Session> sessions) {
        return sessions.stream().map(Session::application).collect(Collectors.toSet());
    }
}
