package io.handover.pg;

import io.handover.model.MigrationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The statements that each computer has run for a migration, as the target keeps them in schema `handover`,
/// so that the record of whoever goes on with it has them too. Not in the SQL drawer, and not among the
/// statements themselves.
public final class StatementCopy {

    /// One statement.
    ///
    /// @param at     when it was sent, as text
    /// @param number within its run of the app
    /// @param line   the whole of it as JSON, passwords masked
    public record Row(String at, long number, String line) {}

    private StatementCopy() {}

    /// True if the tables are there.
    public static boolean hasPlace(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("select pg_catalog.to_regclass('handover.statement') is not null"
                                + " and pg_catalog.to_regclass('handover.statements_until') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /// Adds `rows`, and notes that all that `who` had run until `until` is there now, in one
    /// transaction. Rows that are
    /// there already stay as they are.
    ///
    /// @param until `who`'s own clock
    public static void write(Connection connection, MigrationId id, String who, List<Row> rows, Instant until)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement add = connection.prepareStatement("""
                        insert into handover.statement (migration, who, at, number, line) values (?, ?, ?, ?, ?)
                        on conflict do nothing
                        """);
                PreparedStatement head = connection.prepareStatement("""
                        insert into handover.statements_until (migration, who, until) values (?, ?, ?)
                        on conflict (migration, who) do update set until = excluded.until
                        """)) {
            for (Row row : rows) {
                add.setString(1, id.value());
                add.setString(2, who);
                add.setString(3, row.at());
                add.setLong(4, row.number());
                add.setString(5, row.line());
                add.addBatch();
            }
            add.executeBatch();
            head.setString(1, id.value());
            head.setString(2, who);
            head.setString(3, until.toString());
            head.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /// All statements as JSON, whoever ran them, by when they were sent.
    public static List<String> lines(Connection connection, MigrationId id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select line from handover.statement where migration = ? order by at::timestamptz, number")) {
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

    /// Until when the statements of each computer are complete, each by its own clock.
    public static Map<String, Instant> until(Connection connection, MigrationId id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select who, until from handover.statements_until where migration = ? order by who")) {
            query.setString(1, id.value());
            try (ResultSet row = query.executeQuery()) {
                var all = new LinkedHashMap<String, Instant>();
                while (row.next()) {
                    all.put(row.getString(1), Instant.parse(row.getString(2)));
                }
                return all;
            }
        }
    }
}
