package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Publications on the server that is followed: always a list of tables by name.
///
/// `FOR ALL TABLES` would take in every table made later, and at once break UPDATE and DELETE on those
/// without a
/// replica identity. A partitioned table is published by its leaves, as the leaves on both sides are the
/// same.
public final class Publications {

    /// The table whose rows prove that everything before them has arrived; part of every publication.
    public static final TableRef FENCE = new TableRef(HandoverSchema.NAME, "fence");

    /// A statement locks each of its tables until it is committed, and a server has room for a few thousand
    /// locks.
    private static final int CHUNK = 1_000;

    /// Major version since which a `TRUNCATE` is published, and understood by who follows.
    public static final int TRUNCATE_SINCE = 11;

    private static final String TABLES = """
            select n.nspname, c.relname
              from pg_catalog.pg_publication p
              join pg_catalog.pg_publication_rel r on r.prpubid = p.oid
              join pg_catalog.pg_class c on c.oid = r.prrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where p.pubname = ?
            """;

    /// By `pg_inherits`: sources before 12 have no `pg_partition_ancestors`.
    private static final String WITHOUT_IDENTITY = """
            with recursive lacking as (
                select c.oid, n.nspname, c.relname
                  from pg_catalog.pg_class c
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where c.relkind = 'r' and c.relpersistence = 'p' and c.relreplident <> 'f'
                   and (n.nspname = any (?) or c.relispartition)
                   and not exists (
                       select from pg_catalog.pg_index i
                        where i.indrelid = c.oid and i.indisvalid
                          and case c.relreplident when 'd' then i.indisprimary and i.indimmediate
                                                  when 'i' then i.indisreplident else false end)),
            above(leaf, oid) as (
                select oid, oid from lacking
                union all
                select a.leaf, i.inhparent
                  from above a
                  join pg_catalog.pg_class c on c.oid = a.oid and c.relispartition
                  join pg_catalog.pg_inherits i on i.inhrelid = a.oid)
            select l.nspname, l.relname, n.nspname, c.relname
              from lacking l
              join above a on a.leaf = l.oid
              join pg_catalog.pg_class c on c.oid = a.oid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            """;

    private Publications() {}

    /// Makes publication `name` of exactly `tables` and the fence, or makes the one that is there so: what is missing
    /// is added, what is too much is taken out. Committed in chunks; nobody reads from it before there is a slot.
    ///
    /// A partitioned table in it, which is plain on the other side, is published with its leaves, as that table.
    ///
    /// @param owner    autocommit on; its user must own the tables and may create in the database
    /// @param tables   plain tables, leaves, and partitioned ones that are plain on the other side; none of them
    ///                 unlogged or temporary
    /// @param follower major version of the server that is to follow: one of 10 stops at a `TRUNCATE`, which is not
    ///                 published to it, nor by it; see `AlteredTables` for what then tells of one
    /// @throws SQLException also if a table is gone or its lock is not had within the session's `lock_timeout`;
    ///                      what has been added until then stays, and a second call goes on
    public static void make(DbSession owner, String name, Collection<TableRef> tables, int follower)
            throws SQLException {
        var wanted = new TreeSet<>(tables);
        wanted.add(FENCE);
        if (!exists(owner.jdbc(), name)) {
            owner.change("create publication " + SqlNames.quoted(name) + " for table " + SqlNames.quoted(FENCE)
                    + " with (publish = 'insert, update, delete"
                    + (Math.min(owner.major(), follower) >= TRUNCATE_SINCE ? ", truncate'" : "'")
                    + (viaRoot(owner.jdbc()) ? ", publish_via_partition_root = true)" : ")"));
        }
        var present = tables(owner.jdbc(), name);
        var missing = new TreeSet<>(wanted);
        missing.removeAll(present);
        alter(owner, name, "add", missing);
        var tooMuch = new TreeSet<>(present);
        tooMuch.removeAll(wanted);
        alter(owner, name, "drop", tooMuch);
    }

    /// Takes `tables` out of publication `name`.
    public static void remove(DbSession owner, String name, Collection<TableRef> tables) throws SQLException {
        alter(owner, name, "drop", new TreeSet<>(tables));
    }

    /// True if there is a publication `name`, whatever is in it.
    public static boolean exists(Connection owner, String name) throws SQLException {
        try (PreparedStatement query =
                owner.prepareStatement("select true from pg_catalog.pg_publication where pubname = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /// The tables in publication `name`, the fence among them; empty if there is no such publication.
    public static Set<TableRef> tables(Connection owner, String name) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement(TABLES)) {
            query.setString(1, name);
            return refs(query);
        }
    }

    /// The tables whose changes publication `name` carries: the leaves where a partitioned one is in it.
    static Set<TableRef> streamed(Connection owner, String name) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement(
                "select schemaname, tablename from pg_catalog.pg_publication_tables where pubname = ?")) {
            query.setString(1, name);
            return refs(query);
        }
    }

    /// Those of `tables`, and leaves of partitioned ones, whose rows have no identity: published, every UPDATE and
    /// DELETE on them would fail for the application. Unlogged ones do not count, they are not published.
    public static Set<TableRef> withoutIdentity(Connection owner, Collection<TableRef> tables) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement(WITHOUT_IDENTITY)) {
            query.setArray(
                    1,
                    owner.createArrayOf(
                            "text",
                            tables.stream().map(TableRef::schema).distinct().toArray()));
            var published = Set.copyOf(tables);
            var found = new TreeSet<TableRef>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (published.contains(new TableRef(row.getString(3), row.getString(4)))) {
                        found.add(new TableRef(row.getString(1), row.getString(2)));
                    }
                }
            }
            return found;
        }
    }

    /// Drops publication `name`; its absence is no error. Drop the slot that reads from it before.
    public static void drop(DbSession owner, String name) throws SQLException {
        owner.change("drop publication if exists " + SqlNames.quoted(name));
    }

    private static void alter(DbSession owner, String name, String verb, Set<TableRef> tables) throws SQLException {
        var all = new ArrayList<>(tables);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<String> chunk = all.subList(from, Math.min(all.size(), from + CHUNK)).stream()
                    .map(table -> "only " + SqlNames.quoted(table))
                    .toList();
            owner.change(
                    "alter publication " + SqlNames.quoted(name) + " " + verb + " table " + String.join(", ", chunk));
        }
    }

    private static Set<TableRef> refs(PreparedStatement query) throws SQLException {
        var refs = new TreeSet<TableRef>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                refs.add(new TableRef(row.getString(1), row.getString(2)));
            }
        }
        return refs;
    }

    /// Since 13; before, only leaves can be published at all.
    private static boolean viaRoot(Connection owner) throws SQLException {
        return owner.getMetaData().getDatabaseMajorVersion() >= 13;
    }
}
