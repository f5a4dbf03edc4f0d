package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.Scope;
import io.handover.model.TableInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/// Copies unlogged tables once more: their changes are in no log, so no stream carries them.
public final class UnloggedTables {

    private UnloggedTables() {}

    /// Replaces the rows of the follower's unlogged tables by the owner's, in one transaction on each side.
    /// Exact only
    /// while nobody writes on the owner.
    ///
    /// @param owner    autocommit on
    /// @param follower autocommit on; its user may switch triggers and foreign keys off
    /// (`session_replication_role`),
    ///                 or else triggers fire and foreign keys are checked
    /// @return how many tables
    public static int copyAgain(DbSession owner, DbSession follower, Scope scope, Gate gate)
            throws SQLException, InterruptedException, StoppedException {
        List<TableInfo> wanted = Catalog.tables(owner.jdbc()).stream()
                .filter(info -> info.unlogged() && scope.includes(info.table()) && scope.includes(info.root()))
                .toList();
        if (wanted.isEmpty()) {
            return 0;
        }
        TablePipe.prepareSource(owner);
        TablePipe.prepareTarget(follower);
        boolean unchecked = maySwitchTriggersOff(follower);
        try {
            owner.jdbc().setAutoCommit(false);
            follower.jdbc().setAutoCommit(false);
            run(owner, "set transaction isolation level repeatable read, read only");
            if (unchecked) {
                run(follower, "set local session_replication_role = replica");
            }
            // as text, which no type refuses: these tables are caches and queues, not bulk
            List<CopyTable> tables = CopyCatalog.tables(owner.jdbc(), wanted, 0).stream()
                    .map(table -> table.as(CopyFormat.TEXT))
                    .toList();
            // all in one statement, as they may refer to each other
            follower.change("truncate only "
                    + tables.stream().map(t -> SqlNames.quoted(t.table())).collect(Collectors.joining(", only ")));
            var pipe = new TablePipe();
            for (CopyTable table : tables) {
                pipe.append(owner, follower, new CopyPiece(table, 0, -1, table.bytes()), gate, new CopyMeter());
            }
            follower.jdbc().commit();
            owner.jdbc().commit();
            follower.jdbc().setAutoCommit(true);
            owner.jdbc().setAutoCommit(true);
            return tables.size();
        } catch (SQLException | InterruptedException | StoppedException | RuntimeException e) {
            // a COPY that is broken off leaves neither connection usable
            owner.abort();
            follower.abort();
            throw e;
        }
    }

    private static boolean maySwitchTriggersOff(DbSession follower) throws SQLException {
        try {
            run(follower, "set session_replication_role = replica");
            run(follower, "set session_replication_role = origin");
            return true;
        } catch (SQLException e) {
            if (SqlFailure.notPermitted(e)) {
                return false;
            }
            throw e;
        }
    }

    private static void run(DbSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }
}
