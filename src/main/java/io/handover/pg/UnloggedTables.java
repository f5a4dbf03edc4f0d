package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.Scope;
import io.handover.model.TableInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/// Copies unlogged tables once more: their changes are in no log, so no stream carries them. One thread.
public final class UnloggedTables {

    private static final String FINGERPRINT = """
            select coalesce(pg_catalog.string_agg(c.oid::text, ',' order by c.oid), '')
              from pg_catalog.pg_class c
             where c.relkind = 'r' and c.relpersistence = 'u'
            """;

    private final DbSession owner;
    private final DbSession follower;
    private final Scope scope;
    private String fingerprint = "";
    private List<CopyTable> tables = List.of();
    private boolean unchecked;

    private UnloggedTables(DbSession owner, DbSession follower, Scope scope) {
        this.owner = owner;
        this.follower = follower;
        this.scope = scope;
    }

    /// Looks up which there are and prepares both sessions, so that `copyAgain` has nothing to search for.
    ///
    /// @param owner    autocommit on
    /// @param follower autocommit on; its user may switch triggers and foreign keys off
    ///                 (`session_replication_role`), or else triggers fire and foreign keys are checked
    public static UnloggedTables prepare(DbSession owner, DbSession follower, Scope scope) throws SQLException {
        var unlogged = new UnloggedTables(owner, follower, scope);
        unlogged.lookUp(fingerprint(owner));
        return unlogged;
    }

    /// Whether the owner has the same unlogged tables as when they were last looked up.
    public boolean areStillThose() throws SQLException {
        return fingerprint(owner).equals(fingerprint);
    }

    /// Replaces the rows of the follower's unlogged tables by the owner's, in one transaction on each side. Exact
    /// only while nobody writes on the owner. The follower's session waits for the disk at each commit afterwards.
    ///
    /// @return how many tables
    public int copyAgain(Gate gate) throws SQLException, InterruptedException, StoppedException {
        String now = fingerprint(owner);
        if (!now.equals(fingerprint)) {
            lookUp(now);
        }
        if (tables.isEmpty()) {
            return 0;
        }
        try {
            owner.jdbc().setAutoCommit(false);
            follower.jdbc().setAutoCommit(false);
            run(owner, "set transaction isolation level repeatable read, read only");
            run(follower, "set local synchronous_commit = off"); // durable with all the rest, before the confirmation
            if (unchecked) {
                run(follower, "set local session_replication_role = replica");
            }
            // all in one statement, as they may refer to each other
            follower.change("truncate only "
                    + tables.stream().map(t -> SqlNames.quoted(t.table())).collect(Collectors.joining(", only ")));
            var pipe = new TablePipe();
            for (CopyTable table : tables) {
                pipe.append(owner, follower, CopyPiece.whole(table), gate, new CopyMeter());
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

    private void lookUp(String seen) throws SQLException {
        List<TableInfo> wanted = Catalog.tables(owner.jdbc()).stream()
                .filter(info -> info.unlogged() && scope.includes(info.table()) && scope.includes(info.root()))
                .toList();
        if (!wanted.isEmpty()) {
            TablePipe.prepareSource(owner);
            TablePipe.prepareTarget(follower);
            Durability.on(follower); // what else this session commits must stay
            unchecked = maySwitchTriggersOff(follower);
        }
        // as text, which no type refuses: these tables are caches and queues, not bulk
        tables = wanted.isEmpty()
                ? List.of()
                : CopyCatalog.tables(owner.jdbc(), wanted, 0).stream()
                        .map(table -> table.as(CopyFormat.TEXT))
                        .toList();
        fingerprint = seen;
    }

    private static String fingerprint(DbSession session) throws SQLException {
        try (Statement query = session.jdbc().createStatement();
                ResultSet row = query.executeQuery(FINGERPRINT)) {
            row.next();
            return row.getString(1);
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
