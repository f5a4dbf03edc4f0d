package io.handover.engine.step;

import java.sql.SQLException;

/// Lets a comparison rest while the stream it looks behind is in trouble: what it would read with belongs to the
/// servers then.
///
/// One thread looks, any may ask.
final class Rest {

    private final Trouble trouble;
    private volatile String why = "";

    Rest(Trouble trouble) {
        this.trouble = trouble;
    }

    /// For where there is no stream that could be.
    static Rest never() {
        return new Rest(_ -> "");
    }

    /// Looks whether there is trouble now.
    void look() throws SQLException {
        why = trouble.now(isDue());
    }

    /// What it waits for; empty while it need not rest.
    String why() {
        return why;
    }

    /// True while it has to rest.
    boolean isDue() {
        return !why.isEmpty();
    }

    /// Tells what the trouble is.
    @FunctionalInterface
    interface Trouble {
        /// Looks.
        ///
        /// @param resting true if there was some at the last look: then it has to be well over
        /// @return what to wait for; empty without trouble
        String now(boolean resting) throws SQLException;
    }
}
