package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.pg.FrozenRoles;
import io.handover.pg.LateObjects;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Ends the window: the owner keeps the data, nothing of Handover stays on either server. Afterwards nobody
/// follows the
/// owner and there is no way back.
public final class RetireStep implements Step {

    private final Side owner;
    private final boolean oldReadOnly;

    /// @param owner       the side that keeps the data
    /// @param oldReadOnly whether the other database stays read-only by default, if a cutover has made it so
    public RetireStep(Side owner, boolean oldReadOnly) {
        this.owner = owner;
        this.oldReadOnly = oldReadOnly;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        Optional<SQLException> lost = lost(with);
        if (lost.isPresent()) {
            return new Removal(with).alone(owner, lost.get());
        }
        lateObjects(with);
        return new Removal(with).run(session -> {
            if (session.side() == Side.SOURCE) {
                Removal.identities(with);
            }
            if (oldReadOnly && session.side() != owner) {
                with.note("The " + session.side().word()
                        + "'s database stays read-only by default, if a cutover has made it so. Nothing else keeps"
                        + " writers away. To end that: alter database … reset default_transaction_read_only");
                for (String sql : FrozenRoles.left(session.jdbc())) {
                    with.note("This role stays read-only there, and others do not. To end that: " + sql);
                }
                return;
            }
            if (Removal.writable(session) && session.side() != owner) {
                with.note("The " + session.side().word()
                        + "'s database accepts writes again, as before. Nobody follows it"
                        + " any more: stop it, or keep applications away, before somebody writes there by mistake.");
            }
        });
    }

    /// Told before the mark that says so is gone, and before nobody looks at that database any more.
    private void lateObjects(StepContext with) {
        try (var old = with.server(owner.other()).open("look");
                var now = with.server(owner).open("look")) {
            List<String> objects = LateObjects.read(old.jdbc(), now.jdbc());
            if (!objects.isEmpty()) {
                with.note("ATTENTION: on the " + owner.other().word() + " alone, made there after it had handed over: "
                        + String.join("; ", objects));
            }
        } catch (SQLException e) {
            with.note("Whether large objects were made on the " + owner.other().word()
                    + " after it had handed over could not be read: " + SqlFailure.state(e));
        }
    }

    /// Why the server that does not own the data cannot be reached: it may have been switched off already, and must not
    /// keep the owner from being cleared. Empty if it can, or says something else.
    private Optional<SQLException> lost(StepContext with) {
        try (var _ = with.server(owner.other()).open("look")) {
            return Optional.empty();
        } catch (SQLException e) {
            return SqlFailure.connectionLost(e) ? Optional.of(e) : Optional.empty();
        }
    }
}
