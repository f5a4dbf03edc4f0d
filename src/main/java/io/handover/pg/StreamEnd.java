package io.handover.pg;

import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A stream as its follower knows it: which slot it reads, and how far it has applied.
///
/// The slot's `confirmed_flush_lsn` does not tell that: a follower that always has something to apply
/// confirms every `wal_receiver_status_interval` only, ten seconds as installed.
///
/// @param slot    its slot on the owner; empty if it has none
/// @param applied all that the owner committed before this position is applied, though perhaps not on disk
///                yet; empty if nothing was applied since the follower's start, or it does not tell
public record StreamEnd(String slot, Optional<Lsn> applied) {

    /// The end of the last transaction that was applied. Only superusers may see it, and whom they let.
    private static final String ORIGIN = """
            select o.remote_lsn::text
              from pg_catalog.pg_replication_origin_status o
              join pg_catalog.pg_subscription s on o.external_id = 'pg_' || s.oid
              join pg_catalog.pg_database d on d.oid = s.subdbid
             where d.datname = pg_catalog.current_database() and s.subname = ? and o.remote_lsn <> '0/0'
            """;

    /// Everybody may see it, but the owner tells it only in a lull of the stream.
    private static final String TOLD = """
            select st.latest_end_lsn::text
              from pg_catalog.pg_stat_subscription st
              join pg_catalog.pg_subscription s on s.oid = st.subid
              join pg_catalog.pg_database d on d.oid = s.subdbid
             where d.datname = pg_catalog.current_database() and s.subname = ? and st.relid is null
               and st.latest_end_lsn is not null
             order by st.latest_end_lsn desc limit 1
            """;

    /// The migration's streams; empty if there is no subscription.
    ///
    /// @param subscription its name; later waves have it with `_` and more
    public static List<StreamEnd> read(Connection follower, String subscription) throws SQLException {
        var ends = new ArrayList<StreamEnd>();
        for (HeldStream stream : HeldStream.read(follower, subscription)) {
            Optional<Lsn> last = lastApplied(follower, stream.subscription());
            Optional<Lsn> told = position(follower, TOLD, stream.subscription());
            ends.add(new StreamEnd(
                    stream.slot(),
                    last.isPresent() && told.isPresent()
                            ? Optional.of(last.get().reached(told.get()) ? last.get() : told.get())
                            : last.or(() -> told)));
        }
        return ends;
    }

    /// Where the last transaction that was applied ended on the owner: those that were committed before are
    /// applied, all others are not. Empty if there was none, or the user may not see it.
    public static Optional<Lsn> lastApplied(Connection follower, String subscription) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement("""
                select pg_catalog.has_function_privilege(
                           'pg_catalog.pg_show_replication_origin_status()', 'execute')
                   and pg_catalog.has_table_privilege('pg_catalog.pg_replication_origin_status', 'select')
                """);
                ResultSet row = query.executeQuery()) {
            row.next();
            if (!row.getBoolean(1)) {
                return Optional.empty();
            }
        }
        return position(follower, ORIGIN, subscription);
    }

    private static Optional<Lsn> position(Connection follower, String sql, String subscription) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement(sql)) {
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)).map(Lsn::parse) : Optional.empty();
            }
        }
    }
}
