package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Reads from the catalogues why rows of a table may differ although the stream ran without an error.
public final class DifferenceCauses {

    private static final String WITHOUT_IDENTITY = """
            select n.nspname, c.relname, ''
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace and %s
             where c.relkind = 'r'
               and (c.relreplident = 'n' or c.relreplident = 'd' and not exists (
                        select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary))
            """.formatted(UserSchemas.SCHEMA);

    /// Ordinary triggers do not fire for what the stream brings.
    private static final String FIRING = """
            select n.nspname, c.relname, pg_catalog.string_agg(t.tgname, ', ' order by t.tgname)
              from pg_catalog.pg_trigger t
              join pg_catalog.pg_class c on c.oid = t.tgrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace and %s
             where t.tgenabled in ('R', 'A') and not t.tgisinternal
             group by 1, 2
            """.formatted(UserSchemas.SCHEMA);

    private DifferenceCauses() {}

    /// A sentence for each table for which there is a cause.
    public static Map<TableRef, String> read(Connection owner, Connection follower) throws SQLException {
        var causes = new HashMap<TableRef, String>();
        add(
                owner,
                WITHOUT_IDENTITY,
                "Why it may be: the owner's table has no replica identity, so that of its changes only new rows are"
                        + " streamed.%s",
                causes);
        add(
                follower,
                FIRING,
                "Why it may be: on the follower these triggers fire for what the stream brings as well: %s.",
                causes);
        return causes;
    }

    /// What is left where nothing in the catalogues explains a difference.
    public static String unexplained() {
        return "Why it may be: somebody has written to the follower past the stream. Neither side's definition of the"
                + " table explains it.";
    }

    private static void add(Connection connection, String sql, String sentence, Map<TableRef, String> causes)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                causes.merge(
                        new TableRef(row.getString(1), row.getString(2)),
                        sentence.formatted(row.getString(3)),
                        (one, other) -> one + " " + other);
            }
        }
    }
}
