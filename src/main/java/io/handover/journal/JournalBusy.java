package io.handover.journal;

import java.io.IOException;

/// Another Handover on this computer has the journal open.
public final class JournalBusy extends IOException {
    private static final long serialVersionUID = 1L;

    /// Says which.
    public JournalBusy(String message) {
        super(message);
    }
}
