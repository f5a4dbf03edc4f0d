package io.handover.engine.cutover;

import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.FrozenRoles;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.util.List;

/// Tries once more what could not be put back together with the mark: roles that would stay read-only
/// although their server owns the data.
final class RolesBack {

    private RolesBack() {}

    /// Nothing to do almost always. What fails is noted with the SQL that a person has to run.
    static void on(Attempt attempt, Side side) {
        List<String> left = List.of();
        try {
            DbSession session = side == attempt.from ? attempt.lines.reviveFrom() : attempt.lines.reviveTo();
            left = FrozenRoles.left(session.jdbc());
            if (!left.isEmpty()) {
                FrozenRoles.putBack(session);
            }
        } catch (SQLException e) {
            attempt.note("ATTENTION: roles on the " + side.word() + " may still be read-only in this database ("
                    + SqlFailure.state(e) + "), their applications cannot write there. "
                    + (left.isEmpty() ? "Look into handover.frozen_role." : "Run: " + String.join("; ", left) + ";"));
        }
    }
}
