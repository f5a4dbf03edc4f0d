package io.handover.journal;

import java.io.IOException;

/// The journal has a line that cannot be read and is not its torn last one: nothing is guessed, a person must look.
public final class JournalDamaged extends IOException {
    private static final long serialVersionUID = 1L;

    /// Says where.
    public JournalDamaged(String message, Throwable cause) {
        super(message, cause);
    }

    /// Says where.
    public JournalDamaged(String message) {
        super(message);
    }
}
