package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Large objects that were made on the old owner after it had handed over by role. Roles that were not named
/// keep their sessions there, and nothing refuses them this: no trigger fires for a large object, and no log can
/// be read for it.
///
/// A hand-over by role is refused where there are any, so whatever there is later, and the new owner has not, was made
/// since. Nothing is to be taken away by a roll back then: see `LargeObjects`.
///
/// Not seen: one that a session makes and whose number the new owner has given to another of its own since. Seen
/// although nobody made it there: one that the rehearsal of a roll back brought over, and that the new owner has
/// removed since.
public final class LateObjects {

    private static final int BATCH = 5_000;
    private static final int SHOWN = 100;
    private static final String WORD = "large object ";

    private LateObjects() {}

    /// Whether `old` has handed over by role and has not got the data back.
    public static boolean possible(Connection old) throws SQLException {
        try (PreparedStatement there = old.prepareStatement("select pg_catalog.to_regclass('handover.mark') is not null"
                        + " and pg_catalog.to_regclass('handover.frozen_role') is not null");
                ResultSet row = there.executeQuery()) {
            if (!row.next() || !row.getBoolean(1)) {
                return false;
            }
        }
        try (PreparedStatement byRole = old.prepareStatement("""
                        select from handover.mark m join handover.frozen_role f on f.role = 0 and f.epoch = m.epoch
                         where m.id = 1 and m.state = 'handed_over'
                        """);
                ResultSet row = byRole.executeQuery()) {
            return row.next();
        }
    }

    /// Those that `old` alone has.
    ///
    /// @param old the side that handed over
    /// @param now the side that owns the data
    /// @return by OID, in words; a hundred at most, and then how many more. Empty if `old` did not hand over by
    /// role
    public static List<String> read(Connection old, Connection now) throws SQLException {
        if (!possible(old)) {
            return List.of();
        }
        var found = new ArrayList<String>();
        long more = 0;
        long after = 0; // 0 is no large object's OID
        while (true) {
            NavigableMap<Long, String> batch = batch(old, after);
            if (batch.isEmpty()) {
                break;
            }
            after = batch.lastKey();
            batch.keySet().removeAll(present(now, batch.keySet().toArray()));
            for (var object : batch.entrySet()) {
                if (found.size() < SHOWN) {
                    found.add(WORD + object.getKey() + " of " + object.getValue());
                } else {
                    more++;
                }
            }
        }
        if (more > 0) {
            found.add("and " + more + " more");
        }
        return found;
    }

    /// The SQL that takes them away on the old owner, for whoever does not need them.
    public static String removal(List<String> found) {
        return found.stream()
                .filter(object -> object.startsWith(WORD))
                .map(object -> "select lo_unlink(" + object.substring(WORD.length(), object.indexOf(' ', WORD.length()))
                        + ");")
                .collect(Collectors.joining(" "));
    }

    private static NavigableMap<Long, String> batch(Connection old, long after) throws SQLException {
        var objects = new TreeMap<Long, String>();
        try (PreparedStatement query = old.prepareStatement("select oid::bigint, pg_catalog.pg_get_userbyid(lomowner)"
                + " from pg_catalog.pg_largeobject_metadata where oid > ?::oid order by oid limit " + BATCH)) {
            query.setLong(1, after);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    objects.put(row.getLong(1), row.getString(2));
                }
            }
        }
        return objects;
    }

    private static List<Long> present(Connection now, Object[] oids) throws SQLException {
        var present = new ArrayList<Long>();
        try (PreparedStatement query = now.prepareStatement(
                "select oid::bigint from pg_catalog.pg_largeobject_metadata where oid = any (?::oid[])")) {
            query.setArray(1, now.createArrayOf("oid", oids));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    present.add(row.getLong(1));
                }
            }
        }
        return present;
    }
}
