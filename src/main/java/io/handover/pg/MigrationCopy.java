package io.handover.pg;

import io.handover.model.MigrationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// The plan, the stage and the journal as the servers keep them in schema `handover`, so that another workstation can
/// go on. Not in the SQL drawer: bookkeeping of Handover's own, every second or so.
public final class MigrationCopy {

    private MigrationCopy() {}

    /// True if the schema is there, so that there is somewhere to write.
    public static boolean hasPlace(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("select pg_catalog.to_regclass('handover.migration') is not null"
                                + " and pg_catalog.to_regclass('handover.journal') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /// Writes plan, stage and owner, and the journal lines `lines` (number → JSON), in one transaction.
    /// Lines that are
    /// there already stay as they are.
    public static void write(
            Connection connection,
            MigrationId id,
            String plan,
            String stage,
            String owner,
            SortedMap<Long, String> lines)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement head = connection.prepareStatement("""
                        insert into handover.migration (id, plan, stage, owner) values (?, ?, ?, ?)
                        on conflict (id) do update set plan = excluded.plan, stage = excluded.stage,
                               owner = excluded.owner, updated_at = clock_timestamp()
                        """);
                PreparedStatement line = connection.prepareStatement("""
                        insert into handover.journal (migration, number, line) values (?, ?, ?)
                        on conflict do nothing
                        """)) {
            head.setString(1, id.value());
            head.setString(2, plan);
            head.setString(3, stage);
            head.setString(4, owner);
            head.executeUpdate();
            for (var entry : lines.entrySet()) {
                line.setString(1, id.value());
                line.setLong(2, entry.getKey());
                line.setString(3, entry.getValue());
                line.addBatch();
            }
            line.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /// The journal's lines as JSON, in order.
    public static List<String> lines(Connection connection, MigrationId id) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select line from handover.journal where migration = ? order by number")) {
            query.setString(1, id.value());
            try (ResultSet row = query.executeQuery()) {
                var lines = new ArrayList<String>();
                while (row.next()) {
                    lines.add(row.getString(1));
                }
                return lines;
            }
        }
    }
}
