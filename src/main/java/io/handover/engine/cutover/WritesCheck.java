package io.handover.engine.cutover;

import io.handover.flow.Gate;
import io.handover.flow.Patience;
import io.handover.flow.StoppedException;
import io.handover.model.HookRun;
import io.handover.pg.DbSession;
import io.handover.pg.Writers;
import java.sql.SQLException;
import java.time.Duration;

/// The health check that needs no command: somebody other than Handover writes rows on the new owner.
final class WritesCheck {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final String NAME = "application-writes";

    private final DbSession owner;

    /// @param owner to the new owner, which nobody follows any more and where no stream writes
    WritesCheck(DbSession owner) {
        this.owner = owner;
    }

    /// Waits until a row was written, by the server's own count.
    HookRun run(Duration limit) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        long before = Writers.rowsWritten(owner.jdbc());
        boolean[] wrote = new boolean[1];
        try {
            wrote[0] = Patience.until(new Gate(), limit, LOOK, () -> Writers.rowsWritten(owner.jdbc()) > before);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        }
        return new HookRun(
                NAME,
                "rows written by the application",
                wrote[0] ? 0 : -1,
                wrote[0],
                wrote[0] ? "" : "no row was written within " + limit.toSeconds() + " s",
                Duration.ofNanos(System.nanoTime() - began));
    }
}
