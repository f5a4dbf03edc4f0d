package io.handover.engine.cutover;

import io.handover.engine.step.Problems;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The connections of one attempt, all opened before anything is stopped: a server without a free one must
/// not be found out in the pause.
final class Lines implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Lines.class.getName());
    /// `application_name` of the session that holds the locks.
    static final String LOCKS = Server.APPLICATION + " cutover locks";

    private static final Duration PATIENT = Duration.ofSeconds(90);

    private final Server from;
    private final Server to;
    private final DbSession locks;
    private DbSession control;
    private DbSession owner;
    private DbSession follower;
    private DbSession opener;
    private final List<DbSession> pairs = new ArrayList<>();

    private Lines(Server from, Server to) throws SQLException, Setback {
        this.from = from;
        this.to = to;
        this.control = from.openSimple("cutover control");
        this.locks = from.openSimple(LOCKS.substring(Server.APPLICATION.length() + 1));
        this.owner = from.open("cutover owner");
        try {
            this.follower = to.open("cutover follower");
            this.opener = to.openSimple("cutover opener");
        } catch (SQLException e) {
            close(List.of(control, locks, owner));
            throw new Setback(Problems.connecting(e, to.endpoint().profile()), e);
        }
    }

    /// Opens all, or none.
    static Lines open(Server from, Server to) throws Setback {
        try {
            var lines = new Lines(from, to);
            for (DbSession session : lines.all()) {
                Durability.on(session);
            }
            Durability.withoutLimits(lines.locks);
            return lines;
        } catch (SQLException e) {
            throw new Setback(Problems.connecting(e, from.endpoint().profile()), e);
        }
    }

    /// On the old owner, simple protocol: moves the mark.
    DbSession control() {
        return control;
    }

    /// On the old owner, simple protocol: holds the locks.
    DbSession locks() {
        return locks;
    }

    /// On the old owner: plants the fence, is read from in the pause.
    DbSession owner() {
        return owner;
    }

    /// On the new owner: takes what is brought over.
    DbSession follower() {
        return follower;
    }

    /// On the new owner, simple protocol: opens it.
    DbSession opener() {
        return opener;
    }

    /// Two more connections, for something that goes on in the pause beside the rest. They are not made anew when they
    /// are lost.
    ///
    /// @param purpose for `application_name`
    Pair pair(String purpose) throws SQLException {
        DbSession old = from.open(purpose);
        pairs.add(old);
        DbSession young = to.open(purpose);
        pairs.add(young);
        Durability.on(old);
        Durability.on(young);
        return new Pair(old, young);
    }

    /// One on each server.
    ///
    /// @param owner    on the old owner
    /// @param follower on the new one
    record Pair(DbSession owner, DbSession follower) {

        /// Breaks off what runs; any thread.
        void abort() {
            for (DbSession session : List.of(owner, follower)) {
                try {
                    session.abort();
                } catch (SQLException e) {
                    LOG.log(Level.FINE, "A connection of the cutover was gone already", e);
                }
            }
        }
    }

    /// From now on an answer that does not come within `limit` is a lost connection: a network may fall
    /// silent.
    void impatient(Duration limit) throws SQLException {
        for (DbSession session : all()) {
            if (!session.jdbc().isClosed()) { // of a lost one whoever needs it hears
                session.jdbc().setNetworkTimeout(Runnable::run, (int) Math.max(1, limit.toMillis()));
            }
        }
    }

    /// After the pause: what takes long is waited for.
    void patient() throws SQLException {
        impatient(PATIENT);
    }

    /// Lets the locks go, whatever state their session is in.
    void releaseLocks() {
        close(List.of(locks));
    }

    /// Makes the connections to the old owner work again.
    ///
    /// @return `owner`
    DbSession reviveFrom() throws SQLException {
        if (!control.jdbc().isValid(2)) {
            close(List.of(control));
            control = revived(from.openSimple("cutover control"));
        }
        if (!owner.jdbc().isValid(2)) {
            close(List.of(owner));
            owner = revived(from.open("cutover owner"));
        }
        return owner;
    }

    /// Makes the connections to the new owner work again.
    ///
    /// @return `follower`
    DbSession reviveTo() throws SQLException {
        if (!follower.jdbc().isValid(2)) {
            close(List.of(follower));
            follower = revived(to.open("cutover follower"));
        }
        if (!opener.jdbc().isValid(2)) {
            close(List.of(opener));
            opener = revived(to.openSimple("cutover opener"));
        }
        return follower;
    }

    @Override
    public void close() {
        close(all());
    }

    private static DbSession revived(DbSession session) throws SQLException {
        Durability.on(session);
        session.jdbc().setNetworkTimeout(Runnable::run, (int) PATIENT.toMillis());
        return session;
    }

    private List<DbSession> all() {
        var all = new ArrayList<>(List.of(control, locks, owner, follower, opener));
        all.addAll(pairs);
        return all;
    }

    private static void close(List<DbSession> sessions) {
        for (DbSession session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                LOG.log(Level.FINE, "A connection of the cutover was gone already", e);
            }
        }
    }
}
