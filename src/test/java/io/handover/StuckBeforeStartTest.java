package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `migrate --fix` changes the source, then something on the target forbids the start. What could go wrong:
/// neither server knows of the migration yet, so that nothing finds it, and the source keeps what the fix
/// has changed.
class StuckBeforeStartTest {

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final Endpoint source = oldServer.endpoint(oldServer.newDatabase());
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @TempDir
    Path folder;

    @AfterEach
    void drop() throws Exception {
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    @Test
    void itIsFoundAndDiscardedAndTheSourceIsAsItWas() throws Exception {
        sql(oldServer, source, "create table ledger (number bigint)");
        sql(newServer, target, "create table ledger (number bigint)");
        var migrate = AppProcess.start(folder, "migrate", source, target, "--fix");
        assertThat(migrate.end()).as(migrate.told()).isEqualTo(3);
        assertThat(identity()).as("the fix was applied").isEqualTo("f");

        var status = AppProcess.start(folder, "status", source, target);
        assertThat(status.end()).as(status.told()).isZero();
        assertThat(status.result()).contains("the source owns the data");

        var discard = AppProcess.start(folder, "discard", source, target, "--yes");
        assertThat(discard.end()).as(discard.told()).isZero();
        assertThat(identity()).isEqualTo("d");
        assertThat(one(oldServer, source, "select count(*) from pg_namespace where nspname = 'handover'"))
                .isEqualTo("0");
        assertThat(one(newServer, target, "select count(*) from pg_class where relname = 'ledger'"))
                .as("not Handover's")
                .isEqualTo("1");

        var over = AppProcess.start(folder, "status", source, target);
        assertThat(over.end()).as(over.told()).isEqualTo(3);
        assertThat(over.told()).contains("no migration under way");
    }

    private String identity() throws SQLException {
        return one(oldServer, source, "select relreplident from pg_class where relname = 'ledger'");
    }

    private static void sql(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(PgServer server, Endpoint endpoint, String sql) throws SQLException {
        try (var db = server.open(endpoint.profile().database());
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
