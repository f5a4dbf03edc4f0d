package io.handover.pg;

import io.handover.model.Lsn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Holds a snapshot of a server open on a connection of its own and hands it on, so that a worker that is
/// lost, or comes late, reads the very same rows. Thread-safe.
///
/// All that time the server's vacuum cannot remove what the snapshot still sees: close it as soon as the rows
/// are copied.
public final class SnapshotKeeper implements AutoCloseable {

    private final Server server;
    private final DbSession session;
    private final String snapshot;
    private final Lsn start;
    private final long since;

    private SnapshotKeeper(Server server, DbSession session, String snapshot, Lsn start) {
        this.server = server;
        this.session = session;
        this.snapshot = snapshot;
        this.start = start;
        this.since = System.nanoTime();
    }

    /// Takes over the snapshot of a new slot, whose own connection may be closed then.
    ///
    /// @throws SQLException `22023` if that connection is gone or has been used already
    public static SnapshotKeeper of(Server server, SlotSnapshot made) throws SQLException {
        DbSession session = server.open("snapshot keeper");
        try {
            join(session, made.snapshot());
            return new SnapshotKeeper(server, session, export(session), made.start());
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /// Begins a read-only transaction on `session` that sees exactly what the keeper sees.
    ///
    /// @param worker autocommit on; off afterwards. Ending the transaction lets go of the snapshot, and of
    ///               the locks on the tables read: call this again for the next table, so that nobody waits
    ///               longer than needed
    /// @throws SQLException `22023` if the keeper's connection is lost
    public void join(DbSession worker) throws SQLException {
        join(worker, snapshot);
    }

    /// A new session that sees exactly what the keeper sees; the caller closes it.
    public DbSession session(String purpose) throws SQLException {
        DbSession worker = server.open(purpose);
        try {
            join(worker);
            return worker;
        } catch (SQLException e) {
            worker.close();
            throw e;
        }
    }

    /// The exported snapshot's name, for a program that is to read in it; good while the keeper is
    /// alive.
    public String snapshot() {
        return snapshot;
    }

    /// Where the slot begins that the snapshot belongs to.
    public Lsn start() {
        return start;
    }

    /// True while the snapshot can still be handed on; one round trip.
    public boolean isAlive() {
        try {
            return session.jdbc().isValid(5);
        } catch (SQLException e) {
            return false; // only for a negative limit, which 5 is not
        }
    }

    /// How long the server has held vacuum back for it.
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /// Lets go of the snapshot; transactions that have joined keep it until they end.
    @Override
    public void close() throws SQLException {
        session.close();
    }

    private static void join(DbSession worker, String snapshot) throws SQLException {
        worker.jdbc().setAutoCommit(false);
        try (Statement statement = worker.jdbc().createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only;"
                    + " set transaction snapshot " + SqlNames.literal(snapshot));
        }
    }

    private static String export(DbSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("select pg_catalog.pg_export_snapshot()")) {
            row.next();
            return row.getString(1);
        }
    }
}
