package io.handover.pg;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Makes single rows of the follower what they are on the owner.
///
/// The rows with a key are taken out on the follower, and the owner's are put in, however many either side has: so
/// changed, missing and extra rows and the copies of a row without a key are all treated alike, and no unique index is
/// in the way of two rows that were swapped. Triggers and foreign keys do not fire, as they do not for the stream.
///
/// Only sound while the stream is held, and only for keys that did not change between what the follower has applied and
/// the owner's snapshot: then the owner's row is exactly the one the follower should have at this point of the stream,
/// and whatever is committed on the owner later comes by the stream on top of it. Without the hold, the owner's newer
/// row would be put in first and the stream would then bring the same insert a second time (a row doubled, or a stream
/// that stops at a duplicate key), or an older row would overwrite a newer one that has just been applied (a change
/// lost).
public final class RowRepair {

    private static final String ORIGIN = "handover_repair";

    private final TablePair pair;
    private final TableDigest.Dialect dialect;

    /// For rows of `pair`.
    public RowRepair(TablePair pair, TableDigest.Dialect dialect) {
        this.pair = pair;
        this.dialect = dialect;
    }

    /// What would make the follower's rows with these keys the owner's, as both connections see them; empty if they
    /// are.
    public List<String> statements(Connection owner, Connection follower, Collection<String> keys) throws SQLException {
        var lookup = new KeyLookup(pair, dialect);
        var wanted = lookup.hashes(owner, keys);
        var found = lookup.hashes(follower, keys);
        List<String> differing = keys.stream()
                .distinct()
                .filter(key -> !new KeyRows(
                                key, wanted.getOrDefault(key, List.of()), found.getOrDefault(key, List.of()))
                        .equal())
                .toList();
        var statements = new ArrayList<String>();
        for (String key : differing) {
            if (found.containsKey(key)) {
                statements.add("delete from " + pair.quoted() + " where " + condition(follower, lookup, key));
            }
        }
        var rows = lookup.rows(owner, differing);
        for (String key : differing) {
            rows.getOrDefault(key, List.of()).forEach(row -> statements.add(insert(row)));
        }
        return statements;
    }

    /// Writes. Everything or nothing: it is committed only after both sides were found equal by their hashes.
    ///
    /// @param owner    in the snapshot that belongs to the hold
    /// @param follower prepared by `SnapshotSession`, autocommit on
    /// @return how many statements it took
    /// @throws SQLException `42501` without the right to set `session_replication_role`; `55P03` or
    ///     `57014` if the table is in use for more than some seconds
    public int run(Connection owner, DbSession follower, Collection<String> keys) throws SQLException {
        return follower.inTransaction(session -> {
            session.change("set local lock_timeout = '3s'");
            session.change("set local statement_timeout = '15s'");
            session.change("set local session_replication_role = replica");
            // whoever else writes there waits, so that the places read stay where they are
            session.change("lock table " + pair.quoted() + " in share row exclusive mode");
            boolean asOrigin = hasReaders(session.jdbc());
            if (asOrigin) {
                session.change("select pg_catalog.pg_replication_origin_create('" + ORIGIN + "')");
                session.change("select pg_catalog.pg_replication_origin_session_setup('" + ORIGIN + "')");
            }
            var before = session.jdbc().setSavepoint();
            try {
                List<String> statements = statements(owner, session.jdbc(), keys);
                for (String statement : statements) {
                    session.change(statement);
                }
                if (!equal(owner, session.jdbc(), keys)) {
                    throw new SQLException("the rows are not equal after the repair", "XX000");
                }
                if (asOrigin) {
                    letOriginGo(session);
                }
                return statements.size();
            } catch (SQLException e) {
                if (asOrigin && !SqlFailure.connectionLost(e)) {
                    session.jdbc().rollback(before); // a session's origin outlives its transaction
                    letOriginGo(session);
                }
                throw e;
            }
        });
    }

    private boolean equal(Connection owner, Connection follower, Collection<String> keys) throws SQLException {
        var lookup = new KeyLookup(pair, dialect);
        return sorted(lookup.hashes(owner, keys)).equals(sorted(lookup.hashes(follower, keys)));
    }

    private static Map<String, List<Long>> sorted(Map<String, List<Long>> hashes) {
        var result = new HashMap<String, List<Long>>();
        hashes.forEach((key, list) -> result.put(key, list.stream().sorted().toList()));
        return result;
    }

    private String condition(Connection follower, KeyLookup lookup, String key) throws SQLException {
        if (!pair.keyIsIndexable()) {
            if (pair.spread()) {
                throw new SQLException(
                        "rows without a key cannot be told apart by their place in a table with partitions", "0A000");
            }
            return "ctid in ("
                    + lookup.places(follower, List.of(key)).stream()
                            .map(place -> SqlNames.literal(place) + "::pg_catalog.tid")
                            .collect(Collectors.joining(", "))
                    + ")";
        }
        var values = KeyText.values(key);
        var conditions = new ArrayList<String>();
        for (int i = 0; i < pair.key().size(); i++) {
            String value = values.get(i);
            conditions.add(SqlNames.quoted(pair.key().get(i).name())
                    + (value == null ? " is null" : " = " + SqlNames.literal(value)));
        }
        return String.join(" and ", conditions);
    }

    private String insert(List<@org.jspecify.annotations.Nullable String> row) {
        String names = new TableDigest(pair, dialect)
                .written().stream().map(c -> SqlNames.quoted(c.name())).collect(Collectors.joining(", "));
        String values = row.stream()
                .map(value -> value == null ? "null" : SqlNames.literal(value))
                .collect(Collectors.joining(", "));
        return "insert into " + SqlNames.quoted(pair.table()) + " (" + names + ") overriding system value values ("
                + values + ")";
    }

    /// True if somebody reads this database's changes: then ours must say that they come from elsewhere, as the
    /// stream's do, or a stream back to the owner would double them.
    private static boolean hasReaders(Connection follower) throws SQLException {
        try (Statement query = follower.createStatement();
                ResultSet row = query.executeQuery("""
                        select exists (select from pg_catalog.pg_replication_slots
                                        where database = pg_catalog.current_database())""")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void letOriginGo(DbSession session) throws SQLException {
        session.change("select pg_catalog.pg_replication_origin_session_reset()");
        session.change("select pg_catalog.pg_replication_origin_drop('" + ORIGIN + "')");
    }
}
