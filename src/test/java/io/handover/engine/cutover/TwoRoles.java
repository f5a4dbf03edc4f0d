package io.handover.engine.cutover;

import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.pg.SqlNames;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The application's role and another that may write as well, on both servers, with names that nobody
/// should have.
final class TwoRoles implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    static final String OFF = "{default_transaction_read_only=off}";
    static final String ON = "{default_transaction_read_only=on}";

    private final CutoverWorld world;

    TwoRoles(CutoverWorld world) throws SQLException {
        this.world = world;
        for (Side side : Side.values()) {
            try (var connection = world.open(side)) {
                for (String role : List.of("app", "other")) {
                    run(connection, "create role " + name(role) + " login password 'secret'");
                    run(connection, "grant select, insert, update on all tables in schema public to " + name(role));
                }
            }
        }
    }

    TestContext plan() {
        return world.with(FreezeMethod.NAMED_ROLES, DEADLINE, Hooks.none(), List.of(plain("app")));
    }

    String plain(String role) {
        return role + " $handover$ \"' %I \\ " + world.plan().id();
    }

    String name(String role) {
        return SqlNames.quoted(plain(role));
    }

    /// @param value empty for none
    void set(Side side, String role, String value) throws SQLException {
        if (!value.isEmpty()) {
            try (var connection = world.open(side)) {
                run(
                        connection,
                        "alter role " + name(role) + " in database "
                                + SqlNames.quoted(world.plan().profile(side).database())
                                + " set default_transaction_read_only = " + value);
            }
        }
    }

    Optional<String> setting(Side side) throws SQLException {
        return world.roleSetting(side, plain("app"));
    }

    Connection open(Side side, String role) throws SQLException {
        var at = world.plan().profile(side);
        return DriverManager.getConnection(
                // otherwise a portal, and with it a snapshot, stays open until the next statement of a transaction
                "jdbc:postgresql://" + at.host() + ":" + at.port() + "/" + at.database() + "?preferQueryMode=simple",
                plain(role),
                "secret");
    }

    Connection openOrThrow(String role) {
        try {
            return open(Side.SOURCE, role);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Side side : Side.values()) {
            try (var connection = world.open(side)) {
                run(connection, "set default_transaction_read_only = off");
                run(
                        connection,
                        "do $$ declare e name; begin for e in select evtname from pg_event_trigger loop"
                                + " execute 'drop event trigger ' || quote_ident(e); end loop; end $$");
                for (String role : List.of("app", "other")) {
                    run(connection, "drop owned by " + name(role));
                    run(connection, "drop role " + name(role));
                }
            }
        }
    }

    static void run(Connection connection, String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    static void runOrThrow(Connection connection, String statement) {
        try {
            run(connection, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
