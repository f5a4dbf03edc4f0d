package io.handover.engine.cutover;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Mark;
import io.handover.pg.MarkChange;
import io.handover.pg.Server;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Settles an attempt whose end is not known: by trying to take it back. Whatever was still on its way to the
/// server then finds the mark moved and does nothing, so the answer is final.
final class MarkAsker {

    private static final long REST_MILLIS = 200;

    private final Server from;
    private final MigrationId id;
    private final Side side;
    private final long epoch;

    MarkAsker(Server from, MigrationId id, Side side, long epoch) {
        this.from = from;
        this.id = id;
        this.side = side;
        this.epoch = epoch;
    }

    /// How an attempt ended.
    sealed interface Standing {
        /// The old owner owns the data, as before.
        record TakenBack(Mark mark) implements Standing {}

        /// The other side owns the data.
        record HandedOver() implements Standing {}

        /// The mark belongs to another attempt, or there is none: somebody else has taken over.
        record NotOurs() implements Standing {}

        /// The server did not answer in time, or refused.
        record NoAnswer(SQLException why) implements Standing {}
    }

    /// Asks until there is an answer.
    ///
    /// @param line  a connection that may still work; new ones are made otherwise
    /// @param limit how long; asked once in any case
    Standing takeBack(Optional<DbSession> line, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        SQLException why;
        try {
            if (line.isPresent()) {
                return ask(line.get());
            }
            why = new SQLException("not asked yet", "08003");
        } catch (SQLException e) {
            why = e;
        }
        do {
            try (DbSession fresh = from.openSimple("cutover control")) {
                Durability.on(fresh);
                return ask(fresh);
            } catch (SQLException e) {
                why = e;
                if (!SqlFailure.connectionLost(e) && !SqlFailure.state(e).equals("53300")) {
                    break;
                }
            }
            rest();
        } while (System.nanoTime() - end < 0);
        return new Standing.NoAnswer(why);
    }

    private Standing ask(DbSession session) throws SQLException {
        if (!new MarkChange(session, id, side, epoch).takeBack()) {
            return new Standing.NotOurs();
        }
        Mark mark = Mark.read(session.jdbc()).orElseThrow();
        return mark.state() == Mark.State.HANDED_OVER ? new Standing.HandedOver() : new Standing.TakenBack(mark);
    }

    private static void rest() throws InterruptedException {
        try {
            new Gate().pause(REST_MILLIS);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        }
    }
}
