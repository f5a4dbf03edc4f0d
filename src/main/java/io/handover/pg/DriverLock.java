package io.handover.pg;

import io.handover.model.MigrationId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Keeps two workstations from driving one migration, and from driving two into the same database: advisory locks on
/// the target, held by a session of its own.
///
/// Two that are begun in the same second have two ids, and neither server knows of either: without the second lock both
/// would copy into the same tables, and two streams would bring every change twice.
public final class DriverLock implements AutoCloseable {

    /// Handover's own classes of advisory locks: of one migration, and of the database itself. A version that takes
    /// the first alone is still kept from the same migration.
    private static final int MIGRATION = 0x48616E64;

    private static final int DATABASE = 0x48616E65;

    private static final String TAKE = """
            select case when pg_catalog.pg_try_advisory_lock(?, ?) then pg_catalog.pg_try_advisory_lock(?, 0) else false end
            """;

    private static final Logger LOG = Logger.getLogger(DriverLock.class.getName());

    /// Milliseconds, for the last word to a server that may be gone.
    private static final int PATIENCE = 2_000;

    private final DbSession session;

    private DriverLock(DbSession session) {
        this.session = session;
    }

    /// Takes the locks for `id`; empty if somebody else has one of them.
    public static Optional<DriverLock> take(Server target, MigrationId id) throws SQLException {
        DbSession session = target.open("driver");
        try (PreparedStatement query = session.jdbc().prepareStatement(TAKE)) {
            query.setInt(1, MIGRATION);
            query.setInt(2, Integer.parseUnsignedInt(id.value(), 16));
            query.setInt(3, DATABASE);
            try (ResultSet row = query.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    return Optional.of(new DriverLock(session));
                }
            }
        } catch (SQLException e) {
            session.close();
            throw e;
        }
        new DriverLock(session).close(); // it may have got one of the two
        return Optional.empty();
    }

    /// Who holds one of the locks for `id`: address and time, for people; empty if nobody does.
    public static String holder(Server target, MigrationId id) throws SQLException {
        try (var connection = target.monitor();
                PreparedStatement query = connection.prepareStatement("""
                        select coalesce(host(a.client_addr), 'this computer') || ', since ' || a.backend_start::text
                          from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
                         where l.locktype = 'advisory'
                           and (l.classid = ?::bigint::oid and l.objid = ?::bigint::oid
                                or l.classid = ?::bigint::oid and l.objid = 0)
                           and l.granted and l.database = (select oid from pg_catalog.pg_database
                                                            where datname = pg_catalog.current_database())
                        """)) {
            query.setLong(1, MIGRATION);
            query.setLong(2, Long.parseLong(id.value(), 16));
            query.setLong(3, DATABASE);
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

    /// Gives the locks back, and does not leave that to the end of the session: the server notices a closed
    /// connection a moment later, and whoever opens the migration in that moment would be told that somebody
    /// drives it.
    @Override
    public void close() throws SQLException {
        try (Statement unlock = session.jdbc().createStatement()) {
            session.jdbc().setNetworkTimeout(Runnable::run, PATIENCE);
            unlock.execute("select pg_catalog.pg_advisory_unlock_all()");
        } catch (SQLException e) {
            LOG.log(Level.FINE, "The session that held the lock was lost, and the lock with it", e);
        } finally {
            session.close();
        }
    }
}
