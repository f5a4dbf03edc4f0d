package io.handover.pg;

/// The follower's apply could not be held as a comparison needs it.
public final class HoldFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    HoldFailed(Reason reason, String what) {
        super(what);
        this.reason = reason;
    }

    HoldFailed(Reason reason, String what, Throwable cause) {
        super(what, cause);
        this.reason = reason;
    }

    /// Why.
    public Reason reason() {
        return reason;
    }

    /// Why a hold fails.
    public enum Reason {
        /// There is no subscription, or it was disabled before.
        NO_STREAM,
        /// Too much changed meanwhile, or the apply worker did not stop in time: later it may go.
        LATER,
        /// A right or a function that a hold needs is missing, on the follower or on the owner.
        REFUSED,
        /// The subscription is still disabled: it has to be enabled by hand or at the next start.
        STILL_HELD
    }
}
