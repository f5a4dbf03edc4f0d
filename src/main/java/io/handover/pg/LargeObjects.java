package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.SqlRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// Makes the follower's large objects equal to the owner's, OIDs included: streams do not carry them.
///
/// They are read through `lo_get`, which needs no more than the right to read each of them. Objects of the
/// follower
/// keep their owners and grants; new ones belong to Handover's user there until `LargeObjectRights` was at
/// work.
public final class LargeObjects {

    /// Objects compared in one go.
    private static final int BATCH = 500;

    private static final long MAX_OID = 0xFFFFFFFFL;

    /// For `lo_open`.
    private static final int INV_WRITE = 0x20000;

    private static final int INV_READ = 0x40000;

    /// Size and content as read; holes count as the zeros they read as.
    private static final String DIGESTS = """
            select x.oid::bigint, s.size || ':' || (
                       select pg_catalog.md5(pg_catalog.string_agg(
                                  pg_catalog.md5(pg_catalog.lo_get(x.oid, n * %1$d, %1$d)), '' order by n))
                         from pg_catalog.generate_series(0, (s.size - 1) / %1$d) as n)
              from pg_catalog.unnest(?::oid[]) as x (oid)
              cross join lateral (select pg_catalog.lo_open(x.oid, %2$d) as fd offset 0) as f
              cross join lateral (select pg_catalog.lo_lseek64(f.fd, 0, 2) as size offset 0) as s
            """.formatted(LargeObjectPump.CHUNK, INV_READ);

    private LargeObjects() {}

    /// What had to be done.
    ///
    /// @param total   large objects of the owner, all of which the follower has now
    /// @param created new on the follower
    /// @param changed with another content before
    /// @param removed no longer there on the owner
    public record Result(long total, long created, long changed, long removed) {}

    /// Copies what the follower lacks or has otherwise, and removes what the owner has not. Committed in
    /// batches;
    /// after a failure it can be called again and takes up where it was.
    ///
    /// @param owner    in a transaction with the snapshot to copy
    /// @param follower autocommit on
    public static Result copy(DbSession owner, DbSession follower, Gate gate)
            throws SQLException, InterruptedException, StoppedException {
        return equalise(owner, follower, gate, false, false);
    }

    /// The same as of now; what was changed is read back and compared. It is all of it while nobody writes on the
    /// owner; while somebody does, it is what one snapshot saw. What the follower alone has stays if it has handed
    /// over by role: somebody may have made it there since (`LateObjects`).
    ///
    /// @param owner autocommit on
    /// @throws SQLException `XX001` if an object is not equal after it was copied
    public static Result sync(DbSession owner, DbSession follower, Gate gate)
            throws SQLException, InterruptedException, StoppedException {
        if (none(owner.jdbc()) && none(follower.jdbc())) { // most databases; said in half of the questions
            return new Result(0, 0, 0, 0);
        }
        boolean keep = LateObjects.possible(follower.jdbc());
        owner.jdbc().setAutoCommit(false);
        try (Statement begin = owner.jdbc().createStatement()) {
            begin.execute("set transaction isolation level repeatable read, read only");
            return equalise(owner, follower, gate, true, keep);
        } finally {
            if (!owner.jdbc().isClosed()) {
                owner.jdbc().rollback();
                owner.jdbc().setAutoCommit(true);
            }
        }
    }

    private static Result equalise(DbSession owner, DbSession follower, Gate gate, boolean readBack, boolean keep)
            throws SQLException, InterruptedException, StoppedException {
        long total = 0;
        long created = 0;
        long changed = 0;
        long removed = 0;
        OptionalLong after = OptionalLong.of(0); // 0 is no large object's OID
        while (after.isPresent()) {
            gate.pass();
            long from = after.getAsLong();
            NavigableSet<Long> here = firstOids(owner.jdbc(), from);
            after = here.size() < BATCH ? OptionalLong.empty() : OptionalLong.of(here.last());
            NavigableSet<Long> there = oids(follower.jdbc(), from, after);
            if (here.isEmpty() && there.isEmpty()) {
                continue;
            }
            var extra = keep ? new TreeSet<Long>() : new TreeSet<>(there);
            extra.removeAll(here);
            var missing = new TreeSet<>(here);
            missing.removeAll(there);
            var both = new TreeSet<>(here);
            both.retainAll(there);
            NavigableSet<Long> different = different(owner.jdbc(), follower.jdbc(), both);
            apply(owner, follower, new Changes(extra, missing, different), gate);
            if (readBack) {
                var touched = new TreeSet<>(missing);
                touched.addAll(different);
                NavigableSet<Long> wrong = different(owner.jdbc(), follower.jdbc(), touched);
                if (!wrong.isEmpty()) {
                    throw new SQLException(
                            "large object " + wrong.first() + " is not equal after it was copied", "XX001");
                }
            }
            total += here.size();
            created += missing.size();
            changed += different.size();
            removed += extra.size();
        }
        return new Result(total, created, changed, removed);
    }

    /// What is to be done in one batch.
    private record Changes(Set<Long> extra, Set<Long> missing, Set<Long> different) {
        boolean isEmpty() {
            return extra.isEmpty() && missing.isEmpty() && different.isEmpty();
        }
    }

    private static void apply(DbSession owner, DbSession follower, Changes changes, Gate gate)
            throws SQLException, InterruptedException, StoppedException {
        if (changes.isEmpty()) {
            return;
        }
        SqlRecord entry = follower.began(
                "lo_unlink, lo_create, lo_put: " + changes.missing().size()
                        + " large objects to create, " + changes.different().size() + " to change, "
                        + changes.extra().size() + " to remove");
        Connection target = follower.jdbc();
        target.setAutoCommit(false);
        try {
            each(target, "pg_catalog.lo_unlink(x.oid)", changes.extra());
            each(target, "pg_catalog.lo_create(x.oid)", changes.missing());
            each(
                    target,
                    "pg_catalog.lo_truncate64(pg_catalog.lo_open(x.oid, " + INV_WRITE + "), 0)",
                    changes.different());
            var rewritten = new TreeSet<>(changes.missing());
            rewritten.addAll(changes.different());
            new LargeObjectPump(owner.jdbc(), target, gate).pump(List.copyOf(rewritten));
            target.commit();
            follower.done(entry, "");
        } catch (SQLException e) {
            follower.failed(entry, e);
            rollback(target, e);
            throw e;
        } catch (InterruptedException | StoppedException e) {
            follower.failed(entry, new SQLException("stopped", "57014"));
            rollback(target, e);
            throw e;
        } finally {
            if (!target.isClosed()) {
                target.setAutoCommit(true);
            }
        }
    }

    private static NavigableSet<Long> different(Connection owner, Connection follower, Set<Long> oids)
            throws SQLException {
        var different = new TreeSet<Long>();
        if (!oids.isEmpty()) {
            Map<Long, String> here = digests(owner, oids);
            Map<Long, String> there = digests(follower, oids);
            for (long oid : oids) {
                String digest = here.get(oid);
                if (digest == null || !digest.equals(there.get(oid))) {
                    different.add(oid);
                }
            }
        }
        return different;
    }

    private static Map<Long, String> digests(Connection connection, Set<Long> oids) throws SQLException {
        Map<Long, String> digests = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(DIGESTS)) {
            query.setArray(1, connection.createArrayOf("oid", oids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    digests.put(row.getLong(1), row.getString(2));
                }
            }
        }
        return digests;
    }

    private static boolean none(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("select from pg_catalog.pg_largeobject_metadata limit 1")) {
            return !row.next();
        }
    }

    private static NavigableSet<Long> firstOids(Connection connection, long after) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select m.oid::bigint from pg_catalog.pg_largeobject_metadata m where m.oid > ?::oid"
                        + " order by m.oid limit " + BATCH)) {
            query.setLong(1, after);
            return numbers(query);
        }
    }

    /// @param until the last one wanted; empty for all that follow
    private static NavigableSet<Long> oids(Connection connection, long after, OptionalLong until) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select m.oid::bigint from pg_catalog.pg_largeobject_metadata m"
                        + " where m.oid > ?::oid and m.oid <= ?::oid")) {
            query.setLong(1, after);
            query.setLong(2, until.orElse(MAX_OID));
            return numbers(query);
        }
    }

    private static NavigableSet<Long> numbers(PreparedStatement query) throws SQLException {
        var numbers = new TreeSet<Long>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
        }
        return numbers;
    }

    private static void each(Connection target, String function, Set<Long> oids) throws SQLException {
        if (oids.isEmpty()) {
            return;
        }
        try (PreparedStatement query =
                target.prepareStatement("select " + function + " from pg_catalog.unnest(?::oid[]) as x (oid)")) {
            query.setArray(1, target.createArrayOf("oid", oids.toArray()));
            query.execute();
        }
    }

    private static void rollback(Connection target, Exception why) {
        try {
            target.rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}
