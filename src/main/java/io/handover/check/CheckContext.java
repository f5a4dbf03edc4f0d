package io.handover.check;

import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.pg.ArchiveTools;
import io.handover.pg.PgDumpSearch;
import io.handover.pg.Server;
import io.handover.pg.ServerFacts;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/// What checks look at: read once for all of them, so that they agree.
///
/// @param plan        what is to be done
/// @param source      the source
/// @param target      the target
/// @param onSource    an open connection there, for reading
/// @param onTarget    an open connection there, for reading
/// @param sourceFacts settings, counters, rights
/// @param targetFacts the same of the target
/// @param tables      the source's tables that are in the scope; of 0 bytes each, unless they are copied in waves or
///                    through an archive
/// @param pgDump      which `pg_dump` this computer has for the source
/// @param consoles    passwords of the consoles of PgBouncers
/// @param archive     which one it has that could write archives, with its `pg_restore`; empty for none
public record CheckContext(
        Plan plan,
        Server source,
        Server target,
        Connection onSource,
        Connection onTarget,
        ServerFacts sourceFacts,
        ServerFacts targetFacts,
        List<TableInfo> tables,
        PgDumpSearch pgDump,
        PasswordLookup consoles,
        Optional<ArchiveTools> archive) {

    /// The server of `side`.
    public Server server(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /// Its connection.
    public Connection on(Side side) {
        return side == Side.SOURCE ? onSource : onTarget;
    }

    /// Its facts.
    public ServerFacts facts(Side side) {
        return side == Side.SOURCE ? sourceFacts : targetFacts;
    }
}
