package io.handover.engine.step;

import io.handover.flow.Patience;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;

/// What is done when a connection breaks in the middle of a step that can go on afterwards: wait until both servers
/// answer again, and give up when it breaks again and again with nothing done in between.
final class Comeback {

    /// How long a server may be away.
    static final Duration AWAY = Duration.ofMinutes(5);

    private static final int IN_VAIN = 3;
    private static final Duration REST = Duration.ofMillis(500);

    private final StepContext with;
    private int inVain;
    private int copied;

    Comeback(StepContext with) {
        this.with = with;
        this.copied = with.copiedTables().size();
    }

    /// True if `e` says that a connection, or with it the snapshot, is gone: what was committed stays, and trying again
    /// may help.
    static boolean helps(SQLException e) {
        return SqlFailure.connectionLost(e) || SqlFailure.state(e).equals("22023");
    }

    /// Waits for both servers after `e`.
    ///
    /// @return false if there is no use in going on
    boolean after(SQLException e) throws InterruptedException, StoppedException {
        if (!helps(e)) {
            return false;
        }
        int now = with.copiedTables().size();
        inVain = now > copied ? 1 : inVain + 1;
        copied = now;
        if (inVain > IN_VAIN) {
            return false;
        }
        with.note("A connection broke while rows were being copied (" + SqlFailure.state(e)
                + "); the copy goes on once both servers answer.");
        return Patience.until(with.gate(), AWAY, REST, () -> answers(Side.SOURCE) && answers(Side.TARGET));
    }

    private boolean answers(Side side) {
        try (DbSession session = with.server(side).open("look")) {
            return session.jdbc().isValid(5);
        } catch (SQLException e) {
            with.progress(-1, "the " + side.word() + ", which does not answer (" + SqlFailure.state(e) + ")");
            return false;
        }
    }
}
