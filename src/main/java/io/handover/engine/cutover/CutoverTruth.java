package io.handover.engine.cutover;

import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.Mark;
import io.handover.pg.Server;
import io.handover.pg.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What the servers say about a cutover whose app has gone away: the mark on the old owner is the truth, and
/// the new owner's mark says `owns` only after it.
public sealed interface CutoverTruth {

    /// None is under way: it was never armed, or has been taken back.
    ///
    /// @param epoch the last one tried; 0 if none was
    record NotBegun(long epoch) implements CutoverTruth {}

    /// Armed; writes are at most held up by locks of a session that may be gone.
    record Armed(long epoch, Instant deadline) implements CutoverTruth {}

    /// New sessions on the old owner are read-only; the watchdog takes it back at the deadline.
    record HandingOver(long epoch, Instant deadline) implements CutoverTruth {}

    /// The other side owns the data for good.
    record HandedOver(long epoch) implements CutoverTruth {}

    /// The mark belongs to another migration.
    record Foreign(MigrationId migration) implements CutoverTruth {}

    /// Nobody who knows could be asked.
    record Unreachable(String reason) implements CutoverTruth {}

    /// Asks both servers about a cutover from `owner`; looks only.
    static CutoverTruth read(Server from, Server to, Plan plan) {
        try (Connection connection = from.monitor()) {
            return of(Mark.read(connection), plan.id());
        } catch (SQLException e) {
            return other(to, plan.id()).orElseGet(() -> new Unreachable(SqlFailure.state(e) + " " + e.getMessage()));
        }
    }

    /// The new owner's mark cannot say that nothing has happened, but it can say that it has.
    private static Optional<CutoverTruth> other(Server to, MigrationId id) {
        try (Connection connection = to.monitor()) {
            Side side = to.side();
            return Mark.read(connection)
                    .filter(mark -> mark.migration().equals(id)
                            && mark.state() == Mark.State.OWNS
                            && mark.owner() == side
                            && mark.epoch() > 0)
                    .map(mark -> new HandedOver(mark.epoch()));
        } catch (SQLException _) {
            return Optional.empty(); // then nobody can be asked
        }
    }

    private static CutoverTruth of(Optional<Mark> found, MigrationId id) {
        if (found.isEmpty()) {
            return new NotBegun(0);
        }
        Mark mark = found.get();
        if (!mark.migration().equals(id)) {
            return new Foreign(mark.migration());
        }
        return switch (mark.state()) {
            case OWNS -> new NotBegun(mark.epoch());
            case ARMED -> new Armed(mark.epoch(), mark.deadline().orElse(Instant.MAX));
            case HANDING_OVER -> new HandingOver(mark.epoch(), mark.deadline().orElse(Instant.MAX));
            case HANDED_OVER -> new HandedOver(mark.epoch());
        };
    }
}
