package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.postgresql.PGConnection;

/// A session that reads one snapshot of a server, prepared so that every value is written as text in one way.
/// One thread at a time, but for `cancel`.
public final class SnapshotSession implements AutoCloseable {

    private final DbSession session;
    private volatile boolean mustLeave;

    private SnapshotSession(DbSession session) {
        this.session = session;
    }

    /// A session of the right settings, autocommit on, before it has a snapshot. It owns `session`.
    public static SnapshotSession prepare(DbSession session, TableDigest.Dialect dialect) throws SQLException {
        Connection connection = session.jdbc();
        try (Statement statement = connection.createStatement()) {
            for (String setting : dialect.settings(connection.getMetaData().getDatabaseMajorVersion())) {
                statement.execute("set " + setting);
            }
        } catch (SQLException e) {
            session.close();
            throw e;
        }
        return new SnapshotSession(session);
    }

    /// Takes a snapshot of now, and lets others have it as long as this session keeps it.
    public Taken take() throws SQLException {
        begin();
        try (Statement query = jdbc().createStatement();
                ResultSet row = query.executeQuery("select pg_export_snapshot(), pg_current_wal_insert_lsn()::text")) {
            row.next();
            return new Taken(row.getString(1), Lsn.parse(row.getString(2)));
        }
    }

    /// Takes over the snapshot another session has exported and still keeps.
    public void adopt(Taken snapshot) throws SQLException {
        begin();
        try (Statement statement = jdbc().createStatement()) {
            statement.execute("set transaction snapshot " + SqlNames.literal(snapshot.name()));
        }
    }

    /// Lets go of the snapshot, if it has one.
    public void end() throws SQLException {
        if (jdbc().getAutoCommit()) {
            return;
        }
        jdbc().rollback();
        jdbc().setAutoCommit(true);
        jdbc().setReadOnly(false);
    }

    /// From here on until its close, the locks that reading takes on tables are given back at the close. A
    /// transaction keeps them until its end otherwise, and a `TRUNCATE` or `ALTER TABLE` of the application
    /// would wait so long, and everybody behind it.
    public LockScope lockScope() throws SQLException {
        mustLeave = false;
        Connection connection = jdbc();
        if (connection.getAutoCommit()) {
            return () -> {}; // without a transaction every statement gives back its own
        }
        Savepoint before = connection.setSavepoint();
        return () -> connection.rollback(before);
    }

    /// True if somebody has replaced the table's storage since the snapshot (`TRUNCATE`, a rewriting `ALTER
    /// TABLE`, `VACUUM FULL`): an older snapshot then may see the table empty, which says nothing of its
    /// rows. To be asked after the rows were read and while their lock is kept. The catalogue's row is the
    /// snapshot's, the functions say what is true now: of partitions too that were attached or detached.
    public boolean wasReplaced(TablePair pair) throws SQLException {
        try (PreparedStatement query = jdbc().prepareStatement(
                        """
                with recursive tree(oid, top) as (
                    select c.oid, true from pg_catalog.pg_class c
                      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                     where n.nspname = ? and c.relname = ?
                    union all
                    select i.inhrelid, false from pg_catalog.pg_inherits i
                      join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
                      join tree on tree.oid = i.inhparent)
                select count(*) = 0
                       or coalesce(bool_or(c.relkind <> 'p'
                              and c.relfilenode is distinct from pg_catalog.pg_relation_filenode(c.oid)), false)
                       or (bool_or(c.relkind = 'p') and %s)
                  from tree join pg_catalog.pg_class c on c.oid = tree.oid
                """.formatted(jdbc().getMetaData().getDatabaseMajorVersion() < 12 ? "false" : """
                        count(*) <> (select count(*) from tree t, pg_catalog.pg_partition_tree(t.oid) where t.top)"""))) {
            query.setString(1, pair.table().schema());
            query.setString(2, pair.table().name());
            try (ResultSet row = query.executeQuery()) {
                return !row.next() || row.getBoolean(1);
            }
        }
    }

    /// The connection.
    public Connection jdbc() {
        return session.jdbc();
    }

    /// Which server it is on.
    public Side side() {
        return session.side();
    }

    /// Its backend.
    public int pid() {
        return session.pid();
    }

    /// Ends the statement it runs, if it runs one, with SQLSTATE 57014. Any thread.
    public void cancel() throws SQLException {
        session.jdbc().unwrap(PGConnection.class).cancelQuery();
    }

    /// Somebody waits for the table it reads: ends the statement as `cancel` does, and if it runs none, says so to
    /// whoever asks before the next. Any thread.
    public void leave() throws SQLException {
        mustLeave = true;
        cancel();
    }

    /// True if the table that is being read has to be left.
    public boolean mustLeave() {
        return mustLeave;
    }

    /// Closes the connection and with it the snapshot.
    @Override
    public void close() throws SQLException {
        session.close();
    }

    private void begin() throws SQLException {
        jdbc().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        jdbc().setReadOnly(true);
        jdbc().setAutoCommit(false);
    }

    /// An exported snapshot.
    ///
    /// @param name what `set transaction snapshot` takes
    /// @param lsn  the server's insert position at or after it
    public record Taken(String name, Lsn lsn) {}

    /// Some reading whose locks end with it.
    @FunctionalInterface
    public interface LockScope extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }
}
