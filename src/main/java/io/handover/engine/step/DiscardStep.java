package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.ArchivePlace;
import io.handover.pg.ArchiveSessions;
import io.handover.pg.DbSession;
import io.handover.pg.Mark;
import io.handover.pg.TargetBefore;
import java.io.IOException;
import java.sql.SQLException;

/// Gives up while the source owns the data: undoes everything Handover made on both servers, and nothing
/// else. What was
/// on the target before stays, what came since goes, the rows too.
public final class DiscardStep implements Step {

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        try (DbSession source = with.server(Side.SOURCE).open("look")) {
            // The mark on the source is the last word: a tool that drops the owner's tables is the worst there is.
            var mark = Mark.read(source.jdbc())
                    .filter(found -> found.migration().equals(with.plan().id()));
            if (mark.isPresent()
                    && (mark.get().owner() != Side.SOURCE || mark.get().state() == Mark.State.HANDED_OVER)) {
                return new StepOutcome.Failed(new Problem(
                        "target-owns",
                        "The target owns the data.",
                        "Nothing was removed.",
                        "Roll back first, or retire.",
                        mark.get().toString()));
            }
            ArchiveSessions.end(source, with.plan().id());
        } catch (SQLException e) {
            return new StepOutcome.Failed(Problems.of(e, Side.SOURCE, "being asked who owns the data"));
        }
        try {
            ArchivePlace.remove(with.plan().id());
        } catch (IOException e) {
            with.note("The temporary archive could not be removed: " + e.getMessage());
        }
        return new Removal(with).run(session -> {
            if (session.side() == Side.SOURCE) {
                Removal.identities(with);
            } else {
                TargetBefore.restore(session);
            }
            Removal.writable(session);
        });
    }
}
