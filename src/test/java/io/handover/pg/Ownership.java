package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;

/// A database that takes part in a migration, for the tests of who owns it.
final class Ownership implements AutoCloseable {

    static final MigrationId ID = new MigrationId("0badcafe");

    final PgServer pg;
    final String database;
    final Server server;
    final DbSession control;

    Ownership(String major) throws SQLException {
        this(PgServer.major(major), Side.SOURCE);
    }

    Ownership(PgServer pg, Side side) throws SQLException {
        this.pg = pg;
        this.database = pg.newHostileDatabase();
        this.server = new Server(side, pg.endpoint(database), new SqlLog(Clock.systemUTC()));
        this.control = server.openSimple("control");
        HandoverSchema.create(control, ID);
    }

    MarkChange attempt(long epoch) {
        return new MarkChange(control, ID, server.side(), epoch);
    }

    Mark mark() throws SQLException {
        return Mark.read(control.jdbc()).orElseThrow();
    }

    Optional<String> readOnlyDefault() throws SQLException {
        return ReadOnlyDefault.ofDatabase(control.jdbc());
    }

    /// A new connection of an application.
    Connection application() throws SQLException {
        Connection connection = pg.open(database);
        connection.setClientInfo("ApplicationName", "shop");
        return connection;
    }

    /// Whether a statement that writes works there.
    static boolean writes(Connection application) throws SQLException {
        try (var sql = application.createStatement()) {
            sql.execute("create table if not exists public.written (id int)");
            sql.execute("insert into public.written values (1)");
            return true;
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("25006")) { // read-only transaction
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        server.abort();
        server.close();
    }
}
