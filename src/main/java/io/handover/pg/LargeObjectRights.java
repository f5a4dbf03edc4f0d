package io.handover.pg;

import io.handover.model.Plan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Gives the follower's large objects the owners, grants and comments of the owner's: a schema dump leaves
/// large objects out, and without their grants the application could not read them after a cutover.
///
/// What could go wrong: a role is missing on the follower. Then this fails, before writes are stopped.
public final class LargeObjectRights {

    private static final int BATCH = 5_000;
    private static final String SEPARATOR = " @ ";

    private static final String UNTIL = """
            select max(oid)::bigint from (select oid from pg_catalog.pg_largeobject_metadata
                                   where oid > ?::oid order by oid limit %d) batch
            """.formatted(BATCH);

    private static final String RIGHTS = """
            with o as (select oid, lomowner, lomacl from pg_catalog.pg_largeobject_metadata
                        where oid > ?::oid and oid <= ?::oid)
            select oid::bigint, 'owner', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(lomowner)) from o
            union all
            select o.oid::bigint, case when a.is_grantable then 'grantable' else 'grant' end,
                   a.privilege_type || ' on large object ' || o.oid || '%s' || case a.grantee
                       when 0 then 'public'
                       else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
              from o cross join lateral pg_catalog.aclexplode(o.lomacl) a where a.grantee <> o.lomowner
            union all
            select o.oid::bigint, 'comment', d.description
              from o join pg_catalog.pg_description d on d.objoid = o.oid and d.objsubid = 0
                   and d.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
            """.formatted(SEPARATOR);

    private LargeObjectRights() {}

    /// Makes them equal on all large objects that both sides have; owners and grants only where `plan`
    /// keeps them.
    ///
    /// @param owner    not changed
    /// @param follower autocommit on
    /// @return statements that were needed
    /// @throws SQLException `42704` if the follower has not the role that owns an object or has a right on it
    public static int carry(Plan plan, Connection owner, DbSession follower) throws SQLException {
        int changed = 0;
        for (long after = 0, until = until(owner, after); until > after; after = until, until = until(owner, after)) {
            Map<Long, Rights> here = rights(owner, after, until);
            Map<Long, Rights> there = rights(follower.jdbc(), after, until);
            for (Map.Entry<Long, Rights> object : here.entrySet()) {
                Rights now = there.get(object.getKey());
                if (now != null) {
                    for (String sql : statements(plan, object.getKey(), object.getValue(), now)) {
                        follower.change(sql);
                        changed++;
                    }
                }
            }
        }
        return changed;
    }

    private static List<String> statements(Plan plan, long oid, Rights here, Rights there) {
        var sql = new ArrayList<String>();
        if (plan.keepOwners() && !here.owner.equals(there.owner)) {
            sql.add("alter large object " + oid + " owner to " + here.owner);
        }
        if (plan.keepGrants()) {
            for (String grant : without(there.all(), here.all())) {
                sql.add("revoke " + worded(grant, " from "));
            }
            for (String grant : without(here.all(), there.all())) {
                sql.add("grant " + worded(grant, " to "));
            }
            for (String grant : without(here.grantable, there.grantable)) {
                sql.add("grant " + worded(grant, " to ") + " with grant option");
            }
        }
        if (!here.comment.equals(there.comment)) {
            sql.add("comment on large object " + oid + " is "
                    + (here.comment.isEmpty() ? "null" : SqlNames.literal(here.comment)));
        }
        return sql;
    }

    /// What stands before the first separator has no name in it; what follows may have anything.
    private static String worded(String grant, String word) {
        int at = grant.indexOf(SEPARATOR);
        return grant.substring(0, at) + word + grant.substring(at + SEPARATOR.length());
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        var rest = new TreeSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    /// @return `after` if there are no more
    private static long until(Connection connection, long after) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(UNTIL)) {
            query.setLong(1, after);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Math.max(after, row.getLong(1)) : after;
            }
        }
    }

    private static Map<Long, Rights> rights(Connection connection, long after, long until) throws SQLException {
        Map<Long, Rights> rights = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(RIGHTS)) {
            query.setLong(1, after);
            query.setLong(2, until);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Rights of = rights.computeIfAbsent(row.getLong(1), _ -> new Rights());
                    String text = row.getString(3);
                    switch (row.getString(2)) {
                        case "owner" -> of.owner = text;
                        case "grant" -> of.plain.add(text);
                        case "grantable" -> of.grantable.add(text);
                        default -> of.comment = text;
                    }
                }
            }
        }
        return rights;
    }

    /// Of one large object; names are quoted.
    private static final class Rights {
        private String owner = "";
        private String comment = "";
        private final Set<String> plain = new TreeSet<>();
        private final Set<String> grantable = new TreeSet<>();

        private Set<String> all() {
            var all = new TreeSet<>(plain);
            all.addAll(grantable);
            return Collections.unmodifiableSet(all);
        }
    }
}
