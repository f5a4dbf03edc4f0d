package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Changes replica identities, remembers what they were in `handover.identity_before`, and puts them back.
public final class ReplicaIdentities {

    private ReplicaIdentities() {}

    /// Gives `table` the identity `index`, or `FULL` for the empty text, after noting what it was, in one
    /// transaction.
    /// Waits at most 5 s for the short lock it needs.
    public static void change(DbSession session, TableRef table, String index) throws SQLException {
        session.inTransaction(s -> {
            s.change("set local lock_timeout = '5s'");
            s.change("""
                    insert into handover.identity_before (schema_name, table_name, was, index_name)
                    select n.nspname, c.relname, c.relreplident::text, (
                               select x.relname from pg_catalog.pg_index i
                                 join pg_catalog.pg_class x on x.oid = i.indexrelid
                                where i.indrelid = c.oid and i.indisreplident)
                      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                     where n.nspname = %s and c.relname = %s
                    on conflict do nothing""".formatted(SqlNames.literal(table.schema()), SqlNames.literal(table.name())));
            s.change("alter table " + SqlNames.quoted(table) + " replica identity "
                    + (index.isEmpty() ? "full" : "using index " + SqlNames.quoted(index)));
            return true;
        });
    }

    /// Puts back every identity that was changed on this server; tables that are gone meanwhile are passed over.
    /// Nothing happens if the `handover` schema is not there.
    public static void putBack(DbSession session) throws SQLException {
        for (Before before : remembered(session.jdbc())) {
            session.inTransaction(s -> {
                s.change("set local lock_timeout = '5s'");
                s.change("alter table if exists " + SqlNames.quoted(before.table()) + " replica identity "
                        + before.clause());
                s.change("delete from handover.identity_before where schema_name = "
                        + SqlNames.literal(before.table().schema()) + " and table_name = "
                        + SqlNames.literal(before.table().name()));
                return true;
            });
        }
    }

    /// Gives the tables on `target` the identities that the source's tables had before: the schema came
    /// with the changed
    /// ones. A table that is not there is passed over.
    public static void putBackCopies(Connection source, DbSession target) throws SQLException {
        for (Before before : remembered(source)) {
            target.inTransaction(s -> {
                s.change("set local lock_timeout = '5s'");
                s.change("alter table if exists " + SqlNames.quoted(before.table()) + " replica identity "
                        + before.clause());
                return true;
            });
        }
    }

    private static List<Before> remembered(Connection connection) throws SQLException {
        try (PreparedStatement exists = connection.prepareStatement(
                        "select pg_catalog.to_regclass('handover.identity_before') is not null");
                ResultSet row = exists.executeQuery()) {
            if (!row.next() || !row.getBoolean(1)) {
                return List.of();
            }
        }
        try (PreparedStatement query = connection.prepareStatement(
                        "select schema_name, table_name, was, index_name from handover.identity_before order by 1, 2");
                ResultSet row = query.executeQuery()) {
            var all = new ArrayList<Before>();
            while (row.next()) {
                String index = row.getString("index_name");
                all.add(new Before(
                        new TableRef(row.getString("schema_name"), row.getString("table_name")),
                        row.getString("was"),
                        index == null ? "" : index));
            }
            return all;
        }
    }

    private record Before(TableRef table, String was, String index) {
        String clause() throws SQLException {
            return switch (was) {
                case "d" -> "default";
                case "n" -> "nothing";
                case "f" -> "full";
                case "i" -> "using index " + SqlNames.quoted(index);
                default -> throw new SQLException("unknown replica identity '" + was + "'", "XX000");
            };
        }
    }
}
