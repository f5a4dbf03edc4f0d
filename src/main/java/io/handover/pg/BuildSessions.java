package io.handover.pg;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sessions of this migration that build indexes on the target although their client is gone: what they build may
/// still be committed, and whoever builds the same meanwhile would be refused for it.
public final class BuildSessions {

    /// Sessions of the index stage are opened for a purpose that begins so.
    public static final String PURPOSE = "index ";

    /// Sessions that build while rows are still copied are opened for a purpose that begins so.
    public static final String EARLY = "early index ";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String SESSIONS = """
            select pid from pg_catalog.pg_stat_activity
             where datname = pg_catalog.current_database() and usename = current_user
               and (application_name like ? or application_name like ?) and pid <> all (?)
            """;

    private BuildSessions() {}

    /// Ends them, and waits until they have ended; after half a minute whoever needs their locks waits on.
    ///
    /// @param target of the one who drives the migration: nobody else builds in this database
    /// @param ours   backends that are to go on
    public static void end(DbSession target, Collection<Integer> ours) throws SQLException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<Integer> pids = others(target, ours);
        Sessions.end(target, pids);
        while (!pids.isEmpty() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
            pids = others(target, ours);
        }
    }

    private static List<Integer> others(DbSession target, Collection<Integer> ours) throws SQLException {
        var pids = new ArrayList<Integer>();
        try (PreparedStatement query = target.jdbc().prepareStatement(SESSIONS)) {
            query.setString(1, Server.APPLICATION + " " + PURPOSE + "%");
            query.setString(2, Server.APPLICATION + " " + EARLY + "%");
            query.setArray(3, target.jdbc().createArrayOf("int4", ours.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pids.add(row.getInt(1));
                }
            }
        }
        return pids;
    }
}
