package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An index for which it is enough that the rows of its own table are there. Building it keeps nobody from reading the
/// table, nor from building others at it.
///
/// Not so are: an index at whose expression or predicate a function of the user's works, which may read another table,
/// even if it was declared not to; one of a table that inherits or is inherited from, as its key concerns the others;
/// a deferrable key, whose index alone would refuse what the key allows; whatever alters its table.
///
/// @param table whose it is
/// @param entry its entry in the dump
/// @param step  what is to be run: the entry, or the first of its two steps, see `TwoSteps`
/// @param whole whether the entry is made with that
public record LoneIndex(TableRef table, DumpEntry entry, DumpEntry step, boolean whole) {

    /// Whatever an extension brings to compare values by works on the values alone; its functions may read tables.
    private static final String VALUES_ALONE = """
            select n.nspname, c.relname
              from pg_catalog.pg_index i
              join pg_catalog.pg_class c on c.oid = i.indexrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname !~ '^pg_'
               and not exists (
                   select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                      and d.refobjid >= 16384
                      and (d.refclassid in ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                            'pg_catalog.pg_operator'::pg_catalog.regclass)
                           or d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
                              and exists (select from pg_catalog.pg_type t where t.oid = d.refobjid and t.typtype = 'd')
                           or d.refclassid in ('pg_catalog.pg_opclass'::pg_catalog.regclass,
                                               'pg_catalog.pg_opfamily'::pg_catalog.regclass)
                              and not exists (
                                  select from pg_catalog.pg_depend e
                                   where e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e')))
            """;

    /// Plain tables and partitions that hold rows.
    private static final String TABLES_ALONE = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_'
               and not exists (select from pg_catalog.pg_inherits i where i.inhparent = c.oid)
               and (c.relispartition or not exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid))
            """;

    /// Names of the indexes of `source` that are built of nothing but the values in their tables.
    public static Set<TableRef> ofValuesAlone(Connection source) throws SQLException {
        return names(source, VALUES_ALONE);
    }

    /// Tables of `target` that no other table has a part in, but for partitions' parents.
    public static Set<TableRef> tablesAlone(Connection target) throws SQLException {
        return names(target, TABLES_ALONE);
    }

    /// Those among `entries`, in their order.
    ///
    /// @param tables  at which they may be, see `tablesAlone`
    /// @param indexes which they may be, see `ofValuesAlone`
    public static List<LoneIndex> among(List<DumpEntry> entries, Set<TableRef> tables, Set<TableRef> indexes) {
        var found = new ArrayList<LoneIndex>();
        for (DumpEntry entry : entries) {
            if (entry.section() == DumpSection.KEYS || entry.section() == DumpSection.INDEXES) {
                of(entry, tables, indexes).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<LoneIndex> of(DumpEntry entry, Set<TableRef> tables, Set<TableRef> indexes) {
        Optional<TwoSteps> steps = TwoSteps.of(entry, tables);
        if (steps.isPresent()) {
            TwoSteps two = steps.get();
            boolean deferrable = two.second().sql().contains(" DEFERR"); // a name with that only makes it late
            return !deferrable && indexes.contains(new TableRef(two.table().schema(), two.name()))
                    ? Optional.of(new LoneIndex(two.table(), entry, two.first(), false))
                    : Optional.empty();
        }
        EntryLocks locks = EntryLocks.of(entry);
        if (!entry.type().equals("INDEX") || !locks.shared() || locks.tables().size() != 1) {
            return Optional.empty();
        }
        TableRef table = locks.tables().iterator().next();
        return SqlStatement.all(entry.sql())
                .getFirst()
                .nameAfter("INDEX")
                .filter(_ -> tables.contains(table))
                .filter(name -> indexes.contains(new TableRef(table.schema(), name)))
                .map(_ -> new LoneIndex(table, entry, entry, true));
    }

    private static Set<TableRef> names(Connection connection, String sql) throws SQLException {
        var names = new HashSet<TableRef>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add(new TableRef(row.getString(1), row.getString(2)));
            }
        }
        return names;
    }
}
