package io.handover.pg;

import java.sql.SQLException;

/// The target refused one entry of the schema dump. SQLSTATE and cause are the server's.
public final class EntryFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient DumpEntry entry;

    EntryFailure(DumpEntry entry, SQLException cause) {
        super(
                entry.display() + ": "
                        + (DumpStore.isSecret(entry) ? "refused; its text is not shown" : cause.getMessage()),
                cause.getSQLState(),
                DumpStore.isSecret(entry) ? null : cause);
        this.entry = entry;
    }

    /// Which one.
    public DumpEntry entry() {
        return entry;
    }
}
