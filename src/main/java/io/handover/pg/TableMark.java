package io.handover.pg;

import io.handover.model.SideMark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// Tells whether a table has the same rows as in an earlier snapshot, without reading their values.
///
/// Whoever changes a row, on either server and by whatever way, makes a new version of it that names the
/// transaction. So if no row that is visible now was made by a transaction that had not ended at the earlier
/// snapshot, all of them were visible then; and if there are as many now as there were then, they are the same. The
/// statistics of the server are no such proof: they trail, and are lost in a crash.
///
/// # How this could lie, and why it does not
///
/// - **Numbers of transactions begin anew after 2^32**: they are compared by their distance from now, and only if
///   fewer than 2^30 have been given out since. A row so old that its number has come round again counts as new,
///   which costs a reading. That rows get frozen changes nothing: the number stays in them.
/// - **A transaction that was running at the earlier snapshot commits later**: all that are not older than the
///   oldest of these count as new, and so do their subtransactions and prepared ones.
/// - **A row is removed and another one made in the same place**: the new one has a new number.
/// - **The server was restored, reset, upgraded or taken over by a standby, and gives out numbers once more**: it
///   has been started since.
/// - **Rows are removed or brought by exchanging their file** (`TRUNCATE`, `VACUUM FULL`, a rewriting `ALTER
///   TABLE`), or by attaching a partition or renaming another table: the files and the table's own number are
///   noted.
/// - **The same bytes read otherwise**: a column dropped and added again under its name, another type of the same
///   form, an enum's label renamed. Columns with their numbers and types, and labels, are noted. Where the text of
///   a value depends on more (types of extensions, composite types, names of objects as `regclass`, columns that
///   are computed when they are read), there is no mark, and the table is read again.
/// - **Rows changed under the server**, in its files or by a disk that fails: this is not seen. Only reading shows
///   it; nor is a running virtual machine noticed that was set back with its memory.
final class TableMark {

    /// As in `pg_type`: their text depends on nothing but the value and the settings of the session.
    private static final String PLAIN_TYPES = "16,17,18,19,20,21,23,25,26,114,142,600,601,602,603,604,628,650,700,701,"
            + "718,774,790,829,869,1042,1043,1082,1083,1114,1184,1186,1266,1560,1562,1700,2950,3220,3614,3615,3802,"
            + "3904,3906,3908,3910,3912,3926,4451,4532,4533,4534,4535,4536";

    private static final long MOST_TRANSACTIONS = 1L << 30;

    /// The limits keep the planner from reading whole catalogues: of a recursive query it expects many
    /// rows, and with thousands of tables each of them would cost as much as all.
    private static final String STORAGE = """
            with recursive tree(oid) as (
                select c.oid from pg_catalog.pg_class c
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = ? and c.relname = ?
                union all
                select i.inhrelid
                  from pg_catalog.pg_inherits i
                  join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
                  join tree on tree.oid = i.inhparent),
            field as (
                select a.attrelid,
                       pg_catalog.concat_ws('/', a.attnum, a.attname, a.atttypid, a.atttypmod,
                           (select pg_catalog.string_agg(pg_catalog.concat_ws('=', e.oid, e.enumlabel), ',' order by e.oid)
                              from pg_catalog.pg_enum e where e.enumtypid = b.oid)) as words,
                       b.oid in (""" + PLAIN_TYPES + """
                       ) or b.typtype = 'e' as plain
                  from tree
                 cross join lateral (
                    select * from pg_catalog.pg_attribute x
                     where x.attrelid = tree.oid and x.attnum > 0 and not x.attisdropped offset 0) a
                 cross join lateral (
                    select case when y.typtype = 'd' then y.typbasetype
                                else coalesce((select l.oid from pg_catalog.pg_type l
                                                where l.oid = y.typelem and l.typarray = y.oid), y.oid) end as oid
                      from pg_catalog.pg_type y where y.oid = a.atttypid limit 1) base
                 cross join lateral (
                    select z.oid, z.typtype from pg_catalog.pg_type z where z.oid = base.oid limit 1) b)
            select pg_catalog.md5(pg_catalog.concat_ws(' ',
                       pg_catalog.pg_postmaster_start_time(),
                       (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()),
                       pg_catalog.string_agg(pg_catalog.concat_ws(':', c.oid, c.relkind,
                           pg_catalog.pg_relation_filenode(c.oid), f.words), ';' order by c.oid))),
                   pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())
              from tree
             cross join lateral (
                select k.oid, k.relkind, k.relam from pg_catalog.pg_class k where k.oid = tree.oid limit 1) c
              join (select attrelid, pg_catalog.string_agg(words, ',' order by words) as words,
                           pg_catalog.bool_and(plain) as plain
                      from field group by attrelid) f on f.attrelid = c.oid
            having pg_catalog.count(*) = (select pg_catalog.count(*) from tree)
               and pg_catalog.bool_and(f.plain and c.relkind in ('r', 'p') and $heap)
            """;

    private TableMark() {}

    /// What can be noted of the table as the connection's snapshot shows it; empty if a change could not be told by
    /// it.
    ///
    /// @param connection in a transaction that keeps one snapshot
    /// @param tally      all its rows in that snapshot
    static Optional<SideMark> read(Connection connection, TablePair pair, Tally tally) throws SQLException {
        if (pair.columns().stream().anyMatch(ColumnShape::generated)) {
            return Optional.empty();
        }
        String heap = connection.getMetaData().getDatabaseMajorVersion() < 12
                ? "true"
                : "(c.relkind = 'p' or c.relam = 2)"; // heap: other ways to store rows may number them otherwise
        try (PreparedStatement query = connection.prepareStatement(STORAGE.replace("$heap", heap))) {
            query.setString(1, pair.table().schema());
            query.setString(2, pair.table().name());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new SideMark(row.getString(1), row.getLong(2), tally.rows(), tally.display()))
                        : Optional.empty();
            }
        }
    }

    /// True if `now`, read in the connection's snapshot, is of the same table, so that its rows can be looked at.
    static boolean isSameTable(Connection connection, SideMark before, SideMark now) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) - ?")) {
            query.setLong(1, before.horizon());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long given = row.getLong(1);
                return before.storage().equals(now.storage()) && given >= 0 && given < MOST_TRANSACTIONS;
            }
        }
    }

    /// Counts the rows of a part of the table.
    ///
    /// @param where as of `TablePieces`
    static Rows rows(Connection connection, TablePair pair, SideMark before, String where) throws SQLException {
        // The oldest number counts as new itself: it had not ended.
        String sql = "select count(*), count(*) filter (where pg_catalog.age(t.xmin) <= pg_catalog.age('"
                + (before.horizon() & 0xFFFFFFFFL) + "'::pg_catalog.xid)) from " + pair.quoted() + " t" + where;
        try (Statement query = connection.createStatement()) {
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(sql)) {
                row.next();
                return new Rows(row.getLong(1), row.getLong(2));
            }
        }
    }

    /// @param all   how many rows there are
    /// @param fresh how many of them were made since
    record Rows(long all, long fresh) {

        static Rows sum(List<Rows> pieces) {
            return new Rows(
                    pieces.stream().mapToLong(Rows::all).sum(),
                    pieces.stream().mapToLong(Rows::fresh).sum());
        }

        /// True if these are the very rows that were there when `before` was noted.
        boolean areThoseOf(SideMark before) {
            return fresh == 0 && all == before.rows();
        }
    }
}
