package io.handover.pg;

import io.handover.model.MigrationId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Keeps two workstations from driving one migration: an advisory lock on the target, held by a session of its own.
public final class DriverLock implements AutoCloseable {

    /// Handover's own class of advisory locks.
    private static final int CLASS = 0x48616E64;

    private final DbSession session;

    private DriverLock(DbSession session) {
        this.session = session;
    }

    /// Takes the lock for `id`; empty if somebody else has it.
    public static Optional<DriverLock> take(Server target, MigrationId id) throws SQLException {
        DbSession session = target.open("driver");
        try (PreparedStatement query =
                session.jdbc().prepareStatement("select pg_catalog.pg_try_advisory_lock(?, ?)")) {
            query.setInt(1, CLASS);
            query.setInt(2, Integer.parseUnsignedInt(id.value(), 16));
            try (ResultSet row = query.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    return Optional.of(new DriverLock(session));
                }
            }
        } catch (SQLException e) {
            session.close();
            throw e;
        }
        session.close();
        return Optional.empty();
    }

    /// Who holds the lock for `id`: address and time, for people; empty if nobody does.
    public static String holder(Server target, MigrationId id) throws SQLException {
        try (var connection = target.monitor();
                PreparedStatement query = connection.prepareStatement("""
                        select coalesce(host(a.client_addr), 'this computer') || ', since ' || a.backend_start::text
                          from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
                         where l.locktype = 'advisory' and l.classid = ?::bigint::oid and l.objid = ?::bigint::oid
                           and l.granted and l.database = (select oid from pg_catalog.pg_database
                                                            where datname = pg_catalog.current_database())
                        """)) {
            query.setLong(1, CLASS);
            query.setLong(2, Long.parseLong(id.value(), 16));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    /// True while the session that holds the lock lives; a quick round trip.
    public boolean held() {
        try {
            return session.jdbc().isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
