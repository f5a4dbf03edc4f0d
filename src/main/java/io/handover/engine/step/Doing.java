package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.CopyFailure;
import java.sql.SQLException;

/// What a step is at, for the words of a failure. One thread.
final class Doing {

    private Side side;
    private String what = "";

    /// Begins on `side`.
    Doing(Side side) {
        this.side = side;
    }

    /// Says what is done from now on, and on which side.
    ///
    /// @param words a clause, for example `reading the tables`
    void now(Side where, String words) {
        side = where;
        what = words;
    }

    /// The words for `e`.
    Problem problem(SQLException e) {
        return e instanceof CopyFailure copy
                ? Problems.of(e, copy.side(), "copying " + copy.table().display())
                : Problems.of(e, side, what);
    }
}
