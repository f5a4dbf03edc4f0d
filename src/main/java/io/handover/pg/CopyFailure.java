package io.handover.pg;

import io.handover.model.Side;
import io.handover.model.TableRef;
import java.sql.SQLException;

/// A copy that failed, with the server that refused and the table.
public final class CopyFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final Side side;
    private final transient TableRef table;

    /// @param side  the server that refused or was lost
    /// @param table the one that was being copied
    /// @param cause why
    public CopyFailure(Side side, TableRef table, SQLException cause) {
        super(table.display() + ": " + cause.getMessage(), SqlFailure.state(cause), cause);
        this.side = side;
        this.table = table;
    }

    /// The server that refused or was lost.
    public Side side() {
        return side;
    }

    /// The table that was being copied; nothing of the piece is on the target, unless the target was lost
    /// while it
    /// committed.
    public TableRef table() {
        return table;
    }
}
