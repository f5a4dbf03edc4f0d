package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// In which order an application locks its tables, as far as it was seen, and an order of ours that agrees with it:
/// whoever locks the same tables in another order waits for the application while it waits for them. One thread.
public final class LockOrder {

    /// Of whoever waits for a table that we hold: the tables it has, and those it waits for, each by
    /// the table that it is
    /// a partition or a child of. Readers' locks are in nobody's way.
    private static final String SEEN = """
            with recursive l as (
                select pid, relation, granted from pg_catalog.pg_locks
                 where locktype = 'relation' and mode <> 'AccessShareLock' and pid <> ?
                   and database = (select oid from pg_catalog.pg_database where datname = current_database())),
              stuck as (select pid from l where not granted),
              up (relation, ancestor) as (
                select distinct relation, relation from l where pid in (select pid from stuck)
                union all
                select up.relation, i.inhparent from up join pg_catalog.pg_inherits i on i.inhrelid = up.ancestor)
            select l.pid, l.granted, n.nspname, c.relname
              from l
              join up on up.relation = l.relation
              join pg_catalog.pg_class c on c.oid = up.ancestor and c.relkind in ('r', 'p')
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where l.pid in (select pid from stuck)
               and not exists (select from pg_catalog.pg_inherits i where i.inhrelid = up.ancestor)
            """;

    /// What the application locks before a table.
    private final Map<TableRef, Set<TableRef>> before = new HashMap<>();

    /// The same of those who were looked at last.
    private final Map<TableRef, Set<TableRef>> now = new HashMap<>();

    /// Looks at those who wait at this moment: each has locked the tables it has before the one it waits for.
    ///
    /// @param locks the backend that they wait for; its own locks say nothing
    /// @return whether something new was seen
    public boolean learn(Connection other, int locks) throws SQLException {
        Map<Integer, Set<TableRef>> held = new HashMap<>();
        Map<Integer, Set<TableRef>> awaited = new HashMap<>();
        try (PreparedStatement query = other.prepareStatement(SEEN)) {
            query.setInt(1, locks);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    (row.getBoolean(2) ? held : awaited)
                            .computeIfAbsent(row.getInt(1), _ -> new TreeSet<>())
                            .add(new TableRef(row.getString(3), row.getString(4)));
                }
            }
        }
        boolean news = false;
        now.clear();
        for (var waiter : awaited.entrySet()) {
            for (TableRef later : waiter.getValue()) {
                var earlier = new TreeSet<>(held.getOrDefault(waiter.getKey(), Set.of()));
                earlier.remove(later);
                now.computeIfAbsent(later, _ -> new TreeSet<>()).addAll(earlier);
                news |= before.computeIfAbsent(later, _ -> new TreeSet<>()).addAll(earlier);
            }
        }
        return news;
    }

    /// Whether there is an order in which nobody like those who were looked at last would be waited for while waiting
    /// for us: not if the application has been seen to lock the same tables the other way round as well.
    ///
    /// @param tables that we lock
    boolean fits(List<TableRef> tables) {
        var wanted = new TreeSet<>(tables);
        return now.entrySet().stream()
                .noneMatch(waiter -> wanted.contains(waiter.getKey())
                        && waiter.getValue().stream()
                                .anyMatch(earlier -> allBefore(earlier, wanted).contains(waiter.getKey())));
    }

    private Set<TableRef> allBefore(TableRef table, Set<TableRef> wanted) {
        var seen = new TreeSet<TableRef>();
        visit(table, wanted, seen, new LinkedHashSet<>());
        seen.remove(table);
        return seen;
    }

    /// The same tables: each after those that the application locks before it, otherwise in the order they had. Where
    /// the application itself goes round in a circle, one of its orders is kept.
    public List<TableRef> arranged(List<TableRef> tables) {
        var result = new LinkedHashSet<TableRef>();
        var seen = new TreeSet<TableRef>();
        var wanted = new TreeSet<>(tables);
        tables.forEach(table -> visit(table, wanted, seen, result));
        return new ArrayList<>(result);
    }

    private void visit(TableRef table, Set<TableRef> wanted, Set<TableRef> seen, Set<TableRef> result) {
        if (wanted.contains(table) && seen.add(table)) {
            before.getOrDefault(table, Set.of()).forEach(earlier -> visit(earlier, wanted, seen, result));
            result.add(table);
        }
    }
}
