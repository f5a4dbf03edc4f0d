package io.handover.engine.step;

import io.handover.flow.Patience;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntSupplier;

/// What is done when a connection breaks in the middle of a step that can go on afterwards: wait until both servers
/// answer again, and give up when it breaks again and again with nothing done in between: it may be the step's own work
/// that brings a server down.
final class Comeback {

    /// How long a server may be away.
    static final Duration AWAY = Duration.ofMinutes(5);

    private static final Duration REST = Duration.ofMillis(500);

    private final StepContext with;
    private final String what;
    private final int most;
    private final IntSupplier done;
    private int inVain;
    private int before;

    private Comeback(StepContext with, String what, int most, IntSupplier done) {
        this.with = with;
        this.what = what;
        this.most = most;
        this.done = done;
        this.before = done.getAsInt();
    }

    /// For rows: three times in vain.
    static Comeback ofCopy(StepContext with) {
        return new Comeback(
                with, "rows were being copied", 3, () -> with.copiedTables().size());
    }

    /// For indexes: twice in vain, as a build that needs more memory than there is can end a whole server.
    ///
    /// @param made how many things were made when last looked
    static Comeback ofIndexes(StepContext with, IntSupplier made) {
        return new Comeback(with, "indexes were being built", 2, made);
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
        int now = done.getAsInt();
        inVain = now > before ? 1 : inVain + 1;
        before = now;
        if (inVain > most) {
            return false;
        }
        with.note("A connection broke while " + what + " (" + SqlFailure.state(e)
                + "); it goes on once both servers answer.");
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
