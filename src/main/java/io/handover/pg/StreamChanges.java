package io.handover.pg;

import io.handover.model.StreamSeen;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What somebody has done to a stream that may have cost rows without an error, and without any lag: a slot that was
/// dropped and made anew begins where it was made; a transaction that the apply worker was told to skip never comes; a
/// table that was out of the publication for a while has missed what was written to it then; a publication may leave
/// out kinds of changes, or rows by a filter.
///
/// - **Slot**: it has no number of its own. Its statistics (14 or later) are made and dropped with it, so their
///   beginning is set once, which makes a mark that a new slot of the same name lacks. Where the role may not do that,
///   the count of decoded transactions has gone back. A crash of the server loses them as well, and asks for a
///   comparison without need.
/// - **Skipped transaction** (15 or later): it needs an error of the worker and a change of the subscription's row.
///   Each alone is harmless: a broken connection counts as an error, and comparisons disable and enable it.
/// - **Tables**: by who has written their rows in the catalogue, as `AlteredTables`.
/// - **Triggers** of the follower that fire for streamed rows: in the same way. What one writes is in no stream.
///
/// Not seen: a slot made anew on an owner before 14; an origin that was advanced by hand; a skipped transaction where
/// the role may not read the subscription's row, as it is no superuser.
public final class StreamChanges {

    /// Who has written what `since` looks at, for `AlteredTables.now`. Before 12 not everybody may read the numbers of
    /// subscriptions, so their names are asked of the follower only.
    static final String WRITTEN = """
            select xmin as written from pg_catalog.pg_publication
            union all
            select xmin from pg_catalog.pg_publication_rel
            union all
            select xmin from pg_catalog.pg_subscription_rel
            union all
            select xmin from pg_catalog.pg_trigger where tgenabled in ('R', 'A') and not tgisinternal
            """;

    private static final String PUBLISHED = since("""
            select 'the publication was changed' as what, p.pubname as name, p.xmin as written
              from pg_catalog.pg_publication p
            union all
            select 'a table in the publication was changed', p.pubname, r.xmin
              from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
            """);

    private static final String FOLLOWED = since("""
            select 'a table in the subscription was changed' as what, s.subname as name, r.xmin as written
              from pg_catalog.pg_subscription_rel r join pg_catalog.pg_subscription s on s.oid = r.srsubid
            union all
            select pg_catalog.format('trigger %I on %I.%I fires for the stream', t.tgname, n.nspname, c.relname), null,
                   t.xmin
              from pg_catalog.pg_trigger t
              join pg_catalog.pg_class c on c.oid = t.tgrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where t.tgenabled in ('R', 'A') and not t.tgisinternal
               and t.tgfoid is distinct from pg_catalog.to_regprocedure('handover.guard()')
            """);

    private static final String SLOT = """
            select coalesce(cast(t.stats_reset as text), ''), coalesce(t.total_txns, 0)
              from pg_catalog.pg_replication_slots s
              left join pg_catalog.pg_stat_replication_slots t on t.slot_name = s.slot_name
             where s.slot_name = ?
            """;

    private static final String SUBSCRIPTION = """
            select ERRORS, ROW, s.subslotname is distinct from s.subname or s.subpublications <> array[s.subname::text],
                   SKIPS
              from pg_catalog.pg_subscription s
              join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
             where s.subname = ?
            """;

    private StreamChanges() {}

    /// How stream `name` stands before a comparison begins.
    ///
    /// @param owner autocommit on
    public static StreamSeen before(DbSession owner, Connection follower, String name) throws SQLException {
        boolean counts = major(owner.jdbc()) >= 14;
        if (counts && mayMark(owner.jdbc())) {
            owner.change("select pg_catalog.pg_stat_reset_replication_slot(t.slot_name)"
                    + " from pg_catalog.pg_stat_replication_slots t where t.stats_reset is null and t.slot_name = "
                    + SqlNames.literal(name));
        }
        Slot slot = counts ? slot(owner.jdbc(), name) : Slot.UNKNOWN;
        return new StreamSeen(slot.mark, slot.decoded, subscription(follower, name).errors, "");
    }

    /// The same when the comparison ends, and no longer changes the subscription itself.
    public static StreamSeen after(StreamSeen before, Connection follower, String name) throws SQLException {
        Subscription now = subscription(follower, name);
        return new StreamSeen(
                before.slot(),
                before.decoded(),
                before.errors(),
                now.errors == before.errors() ? now.row : ""); // an error meanwhile, and nobody knows what came of it
    }

    /// What was done to stream `name` since both sides were compared; empty if nothing was, as far as it can be seen.
    ///
    /// @param here  what could be seen on the owner then, as `AlteredTables.now` gave it
    /// @param there the same on the follower
    public static List<String> since(
            Connection owner, Connection follower, String name, StreamSeen seen, String here, String there)
            throws SQLException {
        var changes = new TreeSet<String>();
        changes.addAll(written(owner, PUBLISHED, name, here));
        changes.addAll(written(follower, FOLLOWED, name, there));
        if (seen.decoded() >= 0) {
            Slot now = slot(owner, name);
            boolean another = seen.slot().isEmpty()
                    ? now.mark.isEmpty() && now.decoded < seen.decoded()
                    : !seen.slot().equals(now.mark);
            if (now.decoded >= 0 && another) {
                changes.add("the slot was made anew, or its server has crashed");
            }
        }
        Subscription now = subscription(follower, name);
        if (seen.errors() >= 0 && seen.errors() != now.errors && now.readable && !now.row.equals(seen.subscription())) {
            changes.add("the apply worker met an error and the subscription was altered: a transaction may have been"
                    + " skipped");
        }
        return List.copyOf(changes);
    }

    /// What stream `name` leaves out as it is now, with the SQL that mends it; empty if nothing.
    public static List<String> leavesOut(Connection owner, Connection follower, String name) throws SQLException {
        int major = major(owner);
        boolean truncates = Math.min(major, major(follower)) >= Publications.TRUNCATE_SINCE;
        var left = new ArrayList<String>();
        String publication = SqlNames.quoted(name);
        try (PreparedStatement query = owner.prepareStatement("select p.pubinsert and p.pubupdate and p.pubdelete"
                + (truncates ? " and p.pubtruncate" : "")
                + " from pg_catalog.pg_publication p where p.pubname = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (row.next() && !row.getBoolean(1)) {
                    left.add("not every kind of change is published: alter publication " + publication
                            + " set (publish = 'insert, update, delete" + (truncates ? ", truncate" : "") + "');");
                }
            }
        }
        if (major >= 15) {
            try (PreparedStatement query = owner.prepareStatement("""
                    select n.nspname, c.relname
                      from pg_catalog.pg_publication_rel r
                      join pg_catalog.pg_publication p on p.oid = r.prpubid
                      join pg_catalog.pg_class c on c.oid = r.prrelid
                      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                     where p.pubname = ? and (r.prqual is not null or r.prattrs is not null)
                     order by 1, 2
                    """)) {
                query.setString(1, name);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        String table = SqlNames.quoted(row.getString(1)) + "." + SqlNames.quoted(row.getString(2));
                        left.add("only some rows or columns of " + table + " are published: alter publication "
                                + publication + " drop table only " + table + "; alter publication " + publication
                                + " add table only " + table + ";");
                    }
                }
            }
        }
        Subscription now = subscription(follower, name);
        if (now.elsewhere) {
            left.add("the subscription follows another slot or publication: alter subscription " + publication
                    + " set (slot_name = " + publication + "); alter subscription " + publication
                    + " set publication " + publication + " with (refresh = false);");
        }
        if (now.skips) {
            left.add(
                    "the next transaction is to be skipped: alter subscription " + publication + " skip (lsn = none);");
        }
        return left;
    }

    private static String since(String rows) {
        return AlteredTables.NUMBERED.replace("WRITTEN", rows)
                + "select f.what, f.number from field f where coalesce(f.name, ?) = ? and " + AlteredTables.LATER;
    }

    private static Set<String> written(Connection connection, String sql, String name, String earlier)
            throws SQLException {
        var before = AlteredTables.Earlier.of(earlier);
        var found = new TreeSet<String>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, name);
            query.setString(2, name);
            before.set(query, 3);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (!before.saw(row.getLong(2))) {
                        found.add(row.getString(1));
                    }
                }
            }
        }
        return found;
    }

    private static boolean mayMark(Connection owner) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement("select pg_catalog.has_function_privilege("
                        + "'pg_catalog.pg_stat_reset_replication_slot(text)', 'execute')");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /// `decoded` is -1 where there is no such slot.
    private record Slot(String mark, long decoded) {
        static final Slot UNKNOWN = new Slot("", -1);
    }

    private static Slot slot(Connection owner, String name) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement(SLOT)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new Slot(row.getString(1), row.getLong(2)) : Slot.UNKNOWN;
            }
        }
    }

    /// `row` is empty where it may not be read, `errors` is -1 where they are not counted.
    private record Subscription(long errors, String row, boolean readable, boolean elsewhere, boolean skips) {}

    private static Subscription subscription(Connection follower, String name) throws SQLException {
        boolean counts = major(follower) >= 15;
        boolean readable = readable(follower);
        String sql = SUBSCRIPTION
                .replace(
                        "ERRORS",
                        counts
                                ? "coalesce((select t.apply_error_count from pg_catalog.pg_stat_subscription_stats t"
                                        + " where t.subid = s.oid), 0)"
                                : "-1")
                .replace("ROW", readable ? "cast(s.xmin as text)" : "''")
                .replace("SKIPS", counts ? "s.subskiplsn <> '0/0'" : "false");
        try (PreparedStatement query = follower.prepareStatement(sql)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Subscription(
                                row.getLong(1), row.getString(2), readable, row.getBoolean(3), row.getBoolean(4))
                        : new Subscription(-1, "", false, false, false);
            }
        }
    }

    /// Only a superuser may, as a rule.
    private static boolean readable(Connection follower) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement(
                        "select pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'xmin', 'select')");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}
