package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Counts rows. Holds no connection: the caller chooses whose is spent.
public final class RowCounts {

    /// Tables counted in one statement: fewer round trips, and the locks of so many tables at most.
    private static final int PORTION = 20;

    private static final int SILENCE_MILLIS = 30_000;

    /// The planner's way: rows a page at the last ANALYZE times pages now. Before that, what the statistics
    /// say; an empty file has no rows.
    private static final String ESTIMATES = """
            select n.nspname, c.relname, f.bytes,
                   case when f.bytes = 0 then 0
                        when c.relpages > 0 and c.reltuples >= 0
                        then c.reltuples / c.relpages * (f.bytes / pg_catalog.current_setting('block_size')::int)
                        when s.n_live_tup > 0 then s.n_live_tup end
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             cross join lateral (select pg_catalog.pg_relation_size(c.oid) as bytes) f
              left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
             where c.relkind = 'r' and c.relpersistence <> 't' and f.bytes is not null and\s""" + UserSchemas.SCHEMA;

    private RowCounts() {}

    /// A connection for counting: it waits a second at most for a lock, and half a minute for a server that
    /// has fallen silent.
    public static DbSession open(Server server) throws SQLException {
        DbSession session = server.open("counts");
        try (Statement statement = session.jdbc().createStatement()) {
            session.jdbc().setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
            statement.execute("set lock_timeout = '1s'");
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /// A table as the catalogue sees it.
    ///
    /// @param bytes of its rows, without TOAST and indexes
    /// @param rows  estimated; empty if nothing is known
    public record Estimate(long bytes, OptionalLong rows) {}

    /// Sizes and estimates of all tables that hold rows themselves.
    ///
    /// @param seconds after which it gives up with SQLSTATE 57014
    public static Map<TableRef, Estimate> estimates(Connection connection, int seconds) throws SQLException {
        var estimates = new HashMap<TableRef, Estimate>();
        try (Statement query = connection.createStatement()) {
            query.setQueryTimeout(seconds);
            try (ResultSet row = query.executeQuery(ESTIMATES)) {
                while (row.next()) {
                    double rows = row.getDouble(4);
                    estimates.put(
                            new TableRef(row.getString(1), row.getString(2)),
                            new Estimate(
                                    row.getLong(3),
                                    row.wasNull() ? OptionalLong.empty() : OptionalLong.of(Math.round(rows))));
                }
            }
        }
        return estimates;
    }

    /// Counts the rows of `tables`; one that is locked, missing or not readable, or takes too long, is left
    /// out.
    ///
    /// @param seconds for each statement
    /// @throws SQLException if the connection is lost
    public static Map<TableRef, Long> count(Connection connection, List<TableRef> tables, int seconds)
            throws SQLException {
        var counts = new HashMap<TableRef, Long>();
        for (int from = 0; from < tables.size(); from += PORTION) {
            List<TableRef> portion = tables.subList(from, Math.min(tables.size(), from + PORTION));
            if (!tryCount(connection, portion, seconds, counts) && portion.size() > 1) {
                for (TableRef table : portion) {
                    tryCount(connection, List.of(table), seconds, counts);
                }
            }
        }
        return counts;
    }

    private static boolean tryCount(Connection connection, List<TableRef> tables, int seconds, Map<TableRef, Long> into)
            throws SQLException {
        var parts = new ArrayList<String>();
        for (int i = 0; i < tables.size(); i++) {
            parts.add("select " + i + ", count(*) from only " + SqlNames.quoted(tables.get(i)));
        }
        try (Statement query = connection.createStatement()) {
            query.setQueryTimeout(seconds);
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(String.join(" union all ", parts))) {
                while (row.next()) {
                    into.put(tables.get(row.getInt(1)), row.getLong(2));
                }
            }
            return true;
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e)) {
                throw e;
            }
            return false;
        }
    }
}
