package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.model.Stage;
import java.sql.SQLException;

/// Lets the stream go on where a comparison that was killed has left it held, and goes back to streaming.
public final class ReleaseStep implements Step {

    private final Side owner;

    /// @param owner the side that is followed
    public ReleaseStep(Side owner) {
        this.owner = owner;
    }

    @Override
    public StepOutcome run(StepContext with) {
        try {
            for (String subscription : VerifyStep.recover(with, owner)) {
                with.note(
                        "The stream " + subscription + " goes on: a comparison that was broken off had left it held.");
            }
        } catch (SQLException e) {
            return new StepOutcome.Failed(Problems.of(e, owner.other(), "the stream was being let go on"));
        }
        if (owner == Side.SOURCE) {
            with.enter(Stage.STREAMING);
        }
        return new StepOutcome.Done();
    }
}
