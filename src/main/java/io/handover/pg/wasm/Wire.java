package io.handover.pg.wasm;

import java.io.IOException;

/// The connection to a server that somebody has made for `pg_dump`. Used by one thread.
public interface Wire {

    /// Reads what there is, at least one byte and at most `into.length`; waits for it.
    ///
    /// @return how many; -1 at the end
    int read(byte[] into) throws IOException;

    /// Sends all of `bytes`.
    void write(byte[] bytes) throws IOException;
}
