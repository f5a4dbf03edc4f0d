package io.handover.pg;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The entries of the schema dump in `handover.dump` on the target, each with a note whether it has been
/// made there.
///
/// The note is written in the transaction that makes the object, so after a crash anywhere the two agree,
/// and any workstation can go on. Of the entries that are made before the rows only a fingerprint is kept.
public final class DumpStore {

    private DumpStore() {}

    /// Makes the table where it is missing; schema `handover` must be there.
    public static void create(DbSession target) throws SQLException {
        target.change("""
                create table if not exists handover.dump (
                    number integer primary key, section text not null, type text not null, schema_name text not null,
                    name text not null, tablespace text not null, access_method text not null, sql text not null,
                    fingerprint text not null, made_at timestamptz)""");
    }

    /// Fingerprints of the entries that have been made.
    public static Set<String> made(Connection target) throws SQLException {
        var made = new HashSet<String>();
        try (PreparedStatement query =
                        target.prepareStatement("select fingerprint from handover.dump where made_at is not null");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                made.add(row.getString(1));
            }
        }
        return made;
    }

    /// Puts `entries` in the place of what is there; an entry that had been made stays made.
    public static void replace(DbSession target, List<DumpEntry> entries) throws SQLException {
        var shown = target.began("insert into handover.dump … -- " + entries.size() + " entries");
        try {
            target.inTransaction(session -> {
                Set<String> made = made(session.jdbc());
                try (PreparedStatement delete = session.jdbc().prepareStatement("delete from handover.dump");
                        PreparedStatement insert = session.jdbc().prepareStatement("""
                                insert into handover.dump
                                select n, s, t, sn, na, ts, am, q, f, case when m then clock_timestamp() end
                                  from unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                              ?::text[], ?::text[], ?::text[], ?::boolean[])
                                    as x (n, s, t, sn, na, ts, am, q, f, m)
                                """)) {
                    delete.executeUpdate();
                    Object[][] columns = columns(entries, made);
                    String[] types = {"int4", "text", "text", "text", "text", "text", "text", "text", "text", "bool"};
                    for (int i = 0; i < columns.length; i++) {
                        insert.setArray(i + 1, session.jdbc().createArrayOf(types[i], columns[i]));
                    }
                    return insert.executeUpdate();
                }
            });
            target.done(shown, "");
        } catch (SQLException e) {
            target.failed(shown, e);
            throw e;
        }
    }

    private static Object[][] columns(List<DumpEntry> entries, Set<String> made) {
        var columns = new Object[10][entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            DumpEntry entry = entries.get(i);
            String fingerprint = fingerprint(entry);
            Object[] row = {
                entry.number(),
                entry.section().name(),
                entry.type(),
                entry.schema(),
                entry.name(),
                entry.tablespace(),
                entry.accessMethod(),
                entry.section() == DumpSection.PRE_DATA ? "" : entry.sql(),
                fingerprint,
                made.contains(fingerprint)
            };
            for (int column = 0; column < row.length; column++) {
                columns[column][i] = row[column];
            }
        }
        return columns;
    }

    /// The entries after the rows, in the dump's order.
    ///
    /// @param made whether those that have been made, or those that have not
    public static List<DumpEntry> afterRows(Connection target, boolean made) throws SQLException {
        var entries = new ArrayList<DumpEntry>();
        try (PreparedStatement query = target.prepareStatement("""
                select number, name, type, schema_name, tablespace, access_method, sql, section
                  from handover.dump where section <> 'PRE_DATA' and (made_at is not null) = ? order by number
                """)) {
            query.setBoolean(1, made);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    entries.add(new DumpEntry(
                            row.getInt(1),
                            0,
                            0,
                            0,
                            List.of(),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            "-",
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            DumpSection.valueOf(row.getString(8))));
                }
            }
        }
        return entries;
    }

    /// Notes that entries have been made; in the transaction that made them.
    static void note(Connection target, Collection<DumpEntry> entries) throws SQLException {
        try (PreparedStatement update = target.prepareStatement(
                "update handover.dump set made_at = clock_timestamp() where number = any (?)")) {
            update.setArray(
                    1,
                    target.createArrayOf(
                            "int4", entries.stream().map(DumpEntry::number).toArray()));
            int rows = update.executeUpdate();
            if (rows != entries.size()) {
                throw new SQLException("handover.dump knows " + rows + " of " + entries.size() + " entries", "P0002");
            }
        }
    }

    /// Waits until everything that was committed before lies on the target's disk, whatever the session's
    /// `synchronous_commit`.
    public static void seal(DbSession target) throws SQLException {
        target.inTransaction(session -> {
            session.change("set local synchronous_commit = on");
            return session.change("update handover.dump set made_at = made_at"
                    + " where number = (select min(number) from handover.dump)");
        });
    }

    /// Tells entries apart by what they do, whatever their place in the dump.
    public static String fingerprint(DumpEntry entry) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            String text = String.join("\0", entry.tablespace(), entry.accessMethod(), entry.type(), shown(entry));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// An entry's statements as people may see them: a user mapping has a password in it.
    static String shown(DumpEntry entry) {
        return isSecret(entry) ? "-- " + entry.display() + ", not shown: it may have a password in it" : entry.sql();
    }

    /// True if the statements must not be shown.
    static boolean isSecret(DumpEntry entry) {
        return entry.type().equals("USER MAPPING");
    }
}
