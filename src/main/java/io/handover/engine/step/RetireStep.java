package io.handover.engine.step;

import io.handover.model.Side;

/// Ends the window: the owner keeps the data, nothing of Handover stays on either server. Afterwards nobody
/// follows the
/// owner and there is no way back.
public final class RetireStep implements Step {

    private final Side owner;

    /// @param owner the side that keeps the data
    public RetireStep(Side owner) {
        this.owner = owner;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        StepOutcome outcome = new Removal(with).run(session -> {
            if (session.side() == Side.SOURCE) {
                Removal.identities(with);
            }
            if (Removal.writable(session) && session.side() != owner) {
                with.note("The " + session.side().word()
                        + "'s database accepts writes again, as before. Nobody follows it"
                        + " any more: stop it, or keep applications away, before somebody writes there by mistake.");
            }
        });
        return outcome;
    }
}
