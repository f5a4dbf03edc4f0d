package io.handover.check;

import io.handover.model.Side;
import java.sql.SQLException;

/// A server could not be asked at all.
public final class PreflightUnreachable extends Exception {
    private static final long serialVersionUID = 1L;

    private final Side side;
    private final transient SQLException reason;

    /// Says which, and why.
    public PreflightUnreachable(Side side, SQLException reason) {
        super("the " + side.word() + " cannot be asked", reason);
        this.side = side;
        this.reason = reason;
    }

    /// Which server.
    public Side side() {
        return side;
    }

    /// Why.
    public SQLException reason() {
        return reason;
    }
}
