package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which migration the schema `handover` of a database belongs to: **one at a time**, as source or as target.
///
/// Two would share the mark, the replica identities as they were before, and the guards. Ending the one would open the
/// old
/// database of the other to writers, or take the identities away that its stream needs, and then the application could
/// no
/// longer update its rows. The id stands in the schema's comment.
public final class SchemaClaim {

    /// SQLSTATE, of Handover's own: the database takes part in another migration.
    public static final String TAKEN = "HO003";

    private static final Pattern ID = Pattern.compile("^Handover\\b.* migration ([0-9a-f]{8}) ");

    /// Class and number of the advisory lock under which a database is claimed.
    private static final String ALONE = "select pg_catalog.pg_advisory_xact_lock(%d, 0)".formatted(0x48616E66);

    private static final String BEGUN = """
            select exists (select from pg_catalog.pg_publication where pubname like ?)
                or exists (select from pg_catalog.pg_replication_slots
                            where slot_name like ? and database = pg_catalog.current_database())
                or exists (select from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
                            where subname like ? and d.datname = pg_catalog.current_database())
            """;

    private SchemaClaim() {}

    /// The comment that names `id`.
    static String comment(MigrationId id) {
        return "Handover keeps its state of migration " + id + " here; retire or discard removes it";
    }

    /// Whose the schema is; empty if there is none, or not one of Handover's.
    public static Optional<MigrationId> holder(Connection connection) throws SQLException {
        return HandoverSchema.comment(connection)
                .map(ID::matcher)
                .filter(Matcher::find)
                .map(match -> new MigrationId(match.group(1)));
    }

    /// Whether the schema is there, and `id`'s.
    public static boolean isOf(Connection connection, MigrationId id) throws SQLException {
        return holder(connection).equals(Optional.of(id));
    }

    /// Another migration than `id` that this database takes part in. On a source one that has never got further than a
    /// remedy of its checks does not count: it has no publication, slot or mark, and what it noted there is still
    /// put back by the one that comes after it.
    public static Optional<MigrationId> other(Connection connection, Side side, MigrationId id) throws SQLException {
        Optional<MigrationId> holder = holder(connection).filter(found -> !found.equals(id));
        return holder.isPresent() && (side == Side.TARGET || begun(connection, holder.get()))
                ? holder
                : Optional.empty();
    }

    /// Makes the schema `id`'s, within the transaction that makes it.
    ///
    /// @return whether it has to be made
    /// @throws SQLException `42P06` if a foreign schema of that name exists, [#TAKEN] if it is another migration's
    static boolean take(DbSession session, MigrationId id) throws SQLException {
        session.change(ALONE); // of two that come at the same time the second sees what the first has done
        Connection connection = session.jdbc();
        Optional<String> comment = HandoverSchema.comment(connection);
        if (comment.isEmpty()) {
            return true;
        }
        if (!comment.get().startsWith("Handover")) {
            throw new SQLException("a schema named handover exists that Handover did not make", "42P06");
        }
        if (isOf(connection, id)) {
            return false;
        }
        Optional<MigrationId> other = other(connection, session.side(), id);
        if (other.isPresent()) {
            throw new SQLException(
                    "this database takes part in another migration, " + other.get() + "; one at a time", TAKEN);
        }
        session.change("comment on schema handover is " + SqlNames.literal(comment(id)));
        return false;
    }

    private static boolean begun(Connection connection, MigrationId id) throws SQLException {
        if (Mark.read(connection).isPresent()) {
            return true;
        }
        try (PreparedStatement query = connection.prepareStatement(BEGUN)) {
            for (int i = 1; i <= 3; i++) {
                query.setString(i, "handover\\_" + id + "\\_%");
            }
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
