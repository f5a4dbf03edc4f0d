package io.handover.pg;

import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// The tables whose changes reach a follower. Changes of any other table its apply worker skips without a word.
///
/// @param ready   tables that follow
/// @param notYet  tables that are to follow, but are still being copied
public record StreamedTables(Set<TableRef> ready, Set<TableRef> notYet) {

    private static final String TABLES = """
            select n.nspname, c.relname, r.srsubstate = 'r'
              from pg_catalog.pg_subscription s
              join pg_catalog.pg_database d on d.oid = s.subdbid
              join pg_catalog.pg_subscription_rel r on r.srsubid = s.oid
              join pg_catalog.pg_class c on c.oid = r.srrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where d.datname = pg_catalog.current_database()
               and (s.subname = ? or pg_catalog.left(s.subname, pg_catalog.length(?) + 1) = ? || '_')
            """;

    /// Copies both sets.
    public StreamedTables {
        ready = Set.copyOf(ready);
        notYet = Set.copyOf(notYet);
    }

    /// Those of `tables` whose changes do not reach the follower although they are in the log.
    ///
    /// A publication goes by the table and not by its name: one that was dropped and made anew, or took the
    /// name of another, is not in it, however long a table of that name has followed. One that was published
    /// later does not follow before the subscription is refreshed.
    ///
    /// @param tables as the owner has them
    public static Set<TableRef> lacking(
            Connection owner,
            Connection follower,
            String publication,
            String subscription,
            Collection<TableInfo> tables)
            throws SQLException {
        Set<TableRef> published = Publications.streamed(owner, publication);
        StreamedTables streamed = read(follower, subscription);
        var lacking = new TreeSet<TableRef>();
        for (TableInfo table : tables) {
            boolean carried = published.contains(table.table()) || published.contains(table.root());
            if (!table.unlogged() && !(carried && (streamed.has(table.table()) || streamed.has(table.root())))) {
                lacking.add(table.table());
            }
        }
        return lacking;
    }

    private boolean has(TableRef table) {
        return ready.contains(table) || notYet.contains(table);
    }

    /// Those of subscription `name` and of later waves, which have it with `_` and more.
    public static StreamedTables read(Connection follower, String name) throws SQLException {
        var ready = new HashSet<TableRef>();
        var notYet = new HashSet<TableRef>();
        try (PreparedStatement query = follower.prepareStatement(TABLES)) {
            query.setString(1, name);
            query.setString(2, name);
            query.setString(3, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    (row.getBoolean(3) ? ready : notYet).add(new TableRef(row.getString(1), row.getString(2)));
                }
            }
        }
        return new StreamedTables(ready, notYet);
    }
}
