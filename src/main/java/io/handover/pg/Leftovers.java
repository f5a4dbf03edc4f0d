package io.handover.pg;

import io.handover.model.MigrationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What is still on a server of one migration, each with the SQL that removes it.
public final class Leftovers {

    private static final String FIND = """
            select format('alter subscription %1$I disable; alter subscription %1$I set (slot_name = none);'
                          ' drop subscription %1$I', subname)
              from pg_catalog.pg_subscription
             where subname like ? and subdbid = (
                   select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            union all
            select format('select pg_drop_replication_slot(%L)', slot_name) from pg_catalog.pg_replication_slots
             where slot_name like ? and database = pg_catalog.current_database()
            union all
            select format('drop publication %I', pubname) from pg_catalog.pg_publication where pubname like ?
            union all
            select 'drop schema handover cascade' from pg_catalog.pg_namespace
             where nspname = 'handover' and pg_catalog.obj_description(oid, 'pg_namespace') = ?
            """;

    private Leftovers() {}

    /// Looks; empty if nothing is left.
    public static List<String> find(Connection connection, MigrationId id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(FIND)) {
            for (int i = 1; i <= 3; i++) {
                query.setString(i, "handover\\_" + id + "\\_%");
            }
            query.setString(4, SchemaClaim.comment(id));
            try (ResultSet row = query.executeQuery()) {
                var found = new ArrayList<String>();
                while (row.next()) {
                    found.add(row.getString(1));
                }
                return found;
            }
        }
    }
}
