package io.handover.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What could go wrong: after a cutover the application may not read its large objects any more, because
/// they belong to whoever moved them.
class LargeObjectRightsTest {

    private static final String READER = "large @ \"reader'";
    private static final String STATE =
            "select string_agg(concat_ws(' ', oid, lomowner::regrole, coalesce(lomacl, acldefault('L', lomowner)),"
                    + " obj_description(oid, 'pg_largeobject')), ';' order by oid) from pg_largeobject_metadata";

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final Endpoint source = oldServer.endpoint(oldServer.newDatabase());
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @BeforeEach
    void objects() throws SQLException {
        run(oldServer, source, "create role " + PgServer.quoted(READER) + "; create role large_owner");
        run(newServer, target, "create role " + PgServer.quoted(READER) + "; create role large_owner");
        for (int oid = 1001; oid <= 1003; oid++) {
            run(oldServer, source, "select lo_create(" + oid + ")");
            run(newServer, target, "select lo_create(" + oid + ")");
        }
        run(oldServer, source, "alter large object 1001 owner to large_owner");
        run(oldServer, source, "grant select on large object 1001 to public");
        run(
                oldServer,
                source,
                "grant update on large object 1002 to " + PgServer.quoted(READER) + " with grant option");
        run(oldServer, source, "comment on large object 1002 is E'it''s \\\\ {large}'");
        run(newServer, target, "grant select on large object 1003 to large_owner");
        run(newServer, target, "comment on large object 1003 is 'old'");
    }

    @AfterEach
    void drop() throws Exception {
        for (PgServer server : new PgServer[] {oldServer, newServer}) {
            Endpoint endpoint = server == oldServer ? source : target;
            server.drop(endpoint.profile().database());
            run(server, server.endpoint("postgres"), "drop role if exists " + PgServer.quoted(READER));
            run(server, server.endpoint("postgres"), "drop role if exists large_owner");
        }
    }

    @Test
    void ownersGrantsAndCommentsAreTheSourcesAndASecondTimeNothingIsLeftToDo() throws Exception {
        assertThat(carry(true, true)).isPositive();

        assertThat(text(newServer, target, STATE)).isEqualTo(text(oldServer, source, STATE));
        assertThat(carry(true, true)).isZero();
    }

    @Test
    void withoutTheWishOnlyCommentsAreCarried() throws Exception {
        assertThat(carry(false, false)).isEqualTo(2);

        assertThat(text(newServer, target, "select count(*) from pg_largeobject_metadata where lomacl is not null"))
                .as("what was granted on the target before")
                .isEqualTo("1");
        assertThat(text(newServer, target, "select obj_description(1002, 'pg_largeobject')"))
                .isEqualTo("it's \\ {large}");
    }

    @Test
    void aRoleThatIsMissingIsAnErrorAndNotPassedOver() throws Exception {
        run(newServer, target, "drop role " + PgServer.quoted(READER));

        assertThatThrownBy(() -> carry(true, true))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42704"));
    }

    private int carry(boolean owners, boolean grants) throws SQLException {
        Plan plan = Plan.of(new MigrationId("0000000a"), source.profile(), target.profile())
                .withOwnership(owners, grants);
        var log = new SqlLog(Clock.systemUTC());
        try (var from = oldServer.open(source.profile().database());
                var server = new Server(Side.TARGET, target, log);
                var to = server.open("test")) {
            return LargeObjectRights.carry(plan, from, to);
        }
    }

    private static void run(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var statement = db.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static String text(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
