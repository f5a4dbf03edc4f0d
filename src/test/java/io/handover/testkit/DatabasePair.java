package io.handover.testkit;

import io.handover.model.Endpoint;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two new databases on two servers, for a test that moves the one to the other. Dropped after each test, when its own
/// `@AfterEach` methods have run, with whatever subscriptions and slots are left on them.
///
/// ```java
/// @RegisterExtension
/// final DatabasePair pair = DatabasePair.of("15", "17");
/// ```
public final class DatabasePair implements AfterEachCallback {

    private final PgServer oldServer;
    private final PgServer newServer;
    private final Endpoint source;
    private final Endpoint target;

    private DatabasePair(PgServer oldServer, PgServer newServer) {
        this.oldServer = oldServer;
        this.newServer = newServer;
        this.source = oldServer.endpoint(oldServer.newDatabase());
        this.target = newServer.endpoint(newServer.newDatabase());
    }

    /// On the servers that all tests share.
    ///
    /// @param from major version of the source
    /// @param to   of the target
    public static DatabasePair of(String from, String to) {
        return new DatabasePair(PgServer.major(from), PgServer.major(to));
    }

    /// The database that is moved, as superuser.
    public Endpoint source() {
        return source;
    }

    /// Where it is moved to, as superuser.
    public Endpoint target() {
        return target;
    }

    /// The server of one side.
    public PgServer server(Side side) {
        return side == Side.SOURCE ? oldServer : newServer;
    }

    /// A new connection as superuser, in autocommit; the caller closes it.
    public Connection open(Side side) throws SQLException {
        return server(side)
                .open((side == Side.SOURCE ? source : target).profile().database());
    }

    /// Runs statements, each on its own.
    public void run(Side side, String... statements) throws SQLException {
        try (var connection = open(side);
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    /// The first column of the first row as text; `null` as a word if it is null.
    ///
    /// @throws SQLException also if there is no row
    public String ask(Side side, String query) throws SQLException {
        try (var connection = open(side);
                var sql = connection.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /// Removes both databases.
    public void drop() throws SQLException, InterruptedException {
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    @Override
    public void afterEach(ExtensionContext context) throws SQLException, InterruptedException {
        drop();
    }
}
