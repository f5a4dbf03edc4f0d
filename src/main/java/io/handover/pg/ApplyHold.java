package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds the follower's apply for a moment, in order to get two snapshots that can be compared while writes
/// go on: the follower's, the owner's a little later, and the keys that were changed in between.
///
/// The owner is not held up. Whatever happens, the subscription is enabled again before `take` returns or
/// throws; if the app is killed meanwhile, `recover` does it.
public final class ApplyHold {

    private static final Duration QUIET_LIMIT = Duration.ofSeconds(30);
    private static final int PEEK_SECONDS = 60;
    private static final long LOOK_EVERY_MILLIS = 5;

    private final Server owner;
    private final Server follower;
    private final String subscription;

    /// For the stream from `owner` to `follower`.
    ///
    /// @param subscription its name; later waves have it with `_` and more
    public ApplyHold(Server owner, Server follower, String subscription) {
        this.owner = owner;
        this.follower = follower;
        this.subscription = subscription;
    }

    /// Holds apply, takes both snapshots, collects what changed, lets apply go on.
    ///
    /// @param here   a prepared session on the owner, without a snapshot yet
    /// @param there  the same on the follower
    /// @param window takes the keys
    /// @param gate   a stop is obeyed
    /// @throws HoldFailed `REFUSED` where a right for it is missing; apply goes on then as ever
    public Held take(SnapshotSession here, SnapshotSession there, WindowKeys window, Gate gate)
            throws SQLException, HoldFailed, InterruptedException, StoppedException {
        return take(here, there, window, gate, () -> {});
    }

    /// The same, with some work before apply goes on; it must be short.
    public Held take(SnapshotSession here, SnapshotSession there, WindowKeys window, Gate gate, HeldWork work)
            throws SQLException, HoldFailed, InterruptedException, StoppedException {
        try (DbSession control = follower.open("verify hold");
                DbSession reader = owner.open("verify window");
                var peeking = SnapshotSession.prepare(reader, TableDigest.Dialect.of(here.jdbc(), there.jdbc()))) {
            List<HeldStream> streams = streams(control.jdbc());
            long began = System.nanoTime();
            Held held;
            var releasing = new HoldRelease(follower, control);
            try {
                for (HeldStream stream : streams) {
                    hold(stream, control, releasing);
                }
                awaitQuiet(control.jdbc(), reader.jdbc(), streams, gate);
                var follower = there.take();
                var owner = here.take();
                flush(reader.jdbc());
                for (HeldStream stream : streams) {
                    peek(peeking.jdbc(), stream, StreamEnd.lastApplied(control.jdbc(), stream.subscription()), window);
                }
                work.run();
                held = new Held(owner, follower, Duration.ZERO);
            } catch (WindowKeys.TooMany e) {
                throw new HoldFailed(HoldFailed.Reason.LATER, String.valueOf(e.getMessage()), e);
            } catch (SQLException e) {
                if (SqlFailure.refused(e)) {
                    throw new HoldFailed(HoldFailed.Reason.REFUSED, firstLine(e), e);
                }
                throw e;
            } finally {
                releasing.run();
            }
            return new Held(held.owner, held.follower, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /// Enables what an earlier run has left disabled; what the administrator disabled stays so. Harmless
    /// when there is nothing to do.
    ///
    /// @return the subscriptions that were enabled
    public static List<String> recover(DbSession follower, String subscription) throws SQLException {
        var enabled = new ArrayList<String>();
        for (HeldStream stream : HeldStream.read(follower.jdbc(), subscription)) {
            if (stream.isHeld()) {
                stream.release(follower);
                enabled.add(stream.subscription());
            }
        }
        return enabled;
    }

    /// Without the hint below it, which is advice for somebody else.
    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    private static void hold(HeldStream stream, DbSession control, HoldRelease releasing) throws SQLException {
        releasing.add(stream);
        try {
            stream.hold(control);
        } catch (SQLException e) {
            if (!SqlFailure.connectionLost(e)) {
                releasing.remove(stream); // refused, so it was not disabled
            }
            throw e;
        }
    }

    private List<HeldStream> streams(Connection connection) throws SQLException, HoldFailed {
        var streams = HeldStream.read(connection, subscription);
        if (streams.isEmpty()) {
            throw new HoldFailed(HoldFailed.Reason.NO_STREAM, "there is no subscription " + subscription);
        }
        for (HeldStream stream : streams) {
            if (!stream.enabled() && !stream.isHeld()) {
                throw new HoldFailed(
                        HoldFailed.Reason.NO_STREAM, "the subscription " + stream.subscription() + " is disabled");
            }
            if (stream.slot().isEmpty()) {
                throw new HoldFailed(
                        HoldFailed.Reason.NO_STREAM, "the subscription " + stream.subscription() + " has no slot");
            }
        }
        return streams;
    }

    /// A worker that is being started sees that it is disabled before it applies anything, so one look at
    /// which nobody is there suffices.
    private static void awaitQuiet(Connection follower, Connection owner, List<HeldStream> streams, Gate gate)
            throws SQLException, HoldFailed, InterruptedException, StoppedException {
        long end = System.nanoTime() + QUIET_LIMIT.toNanos();
        Object[] names = streams.stream().map(HeldStream::subscription).toArray();
        Object[] slots = streams.stream().map(HeldStream::slot).toArray();
        while (count(follower, """
                        select count(*) from pg_catalog.pg_stat_subscription
                         where subname = any (?) and pid is not null
                        """, names) > 0 || count(owner, """
                        select count(*) from pg_catalog.pg_replication_slots where slot_name = any (?) and active
                        """, slots) > 0) {
            if (System.nanoTime() > end) {
                throw new HoldFailed(
                        HoldFailed.Reason.LATER,
                        "the apply worker did not pause within " + QUIET_LIMIT.toSeconds() + " s");
            }
            gate.pause(LOOK_EVERY_MILLIS);
        }
    }

    private static long count(Connection connection, String sql, Object[] names) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// Decoding goes as far as the log has been written out. A transaction committed with
    /// `synchronous_commit = off` is visible before that; this commit writes out all of the log before it.
    private static void flush(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("set synchronous_commit = local");
            statement.execute("select pg_catalog.pg_logical_emit_message(true, 'handover', 'verify')");
        }
    }

    /// Reads ahead in the slot without moving it. Begins at the last position the follower has confirmed;
    /// what it has applied beyond that is passed over. Transactions come in the order of their commits, and
    /// the apply worker takes or leaves them by the same comparison when it goes on.
    ///
    /// @param applied where the last one applied ended; empty if that is not known: then some keys are
    ///                collected for nothing
    private static void peek(Connection owner, HeldStream stream, Optional<Lsn> applied, WindowKeys window)
            throws SQLException, WindowKeys.TooMany, HoldFailed {
        boolean[] news = {true};
        try {
            int messages = SlotPeek.read(
                    owner, stream.slot(), stream.publications(), window.mostMessages(), PEEK_SECONDS, message -> {
                        if (message instanceof PgOutputMessage.Begin(Lsn commit)) {
                            news[0] = applied.isEmpty() || commit.reached(applied.get());
                        }
                        if (news[0] || message instanceof PgOutputMessage.Relation) { // a table is described once
                            window.add(message);
                        }
                    });
            window.sawMessages(messages);
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("57014")) {
                throw new HoldFailed(
                        HoldFailed.Reason.LATER, "reading what changed meanwhile took over " + PEEK_SECONDS + " s", e);
            }
            throw e;
        }
    }

    /// What is done while nothing is applied.
    @FunctionalInterface
    public interface HeldWork {
        /// Does it.
        void run() throws SQLException;
    }

    /// Two snapshots that belong together.
    ///
    /// @param owner    of the owner, kept by the session that took it
    /// @param follower of the follower alike
    /// @param took     how long apply was held
    public record Held(SnapshotSession.Taken owner, SnapshotSession.Taken follower, Duration took) {}
}
