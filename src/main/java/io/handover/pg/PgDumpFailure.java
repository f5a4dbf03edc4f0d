package io.handover.pg;

/// `pg_dump` did not produce a dump.
public final class PgDumpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /// Carries what `pg_dump` said.
    ///
    /// @param message without secrets
    public PgDumpFailure(String message) {
        super(message);
    }

    /// Carries why it could not even be run.
    public PgDumpFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
