package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads where the sequences of one side stand, as long as they are those that were looked up before: by their OIDs,
/// which takes the server half as long as by their names.
final class SequenceValues {

    /// Changes whenever a sequence comes or goes, or is called otherwise, in whatever schema.
    private static final String FINGERPRINT = """
            select pg_catalog.md5(coalesce(
                       pg_catalog.string_agg(c.oid || ' ' || n.nspname || ' ' || c.relname, ',' order by c.oid), ''))
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and c.relpersistence <> 't'
            """;

    private static final String OIDS = """
            select c.oid::bigint
              from unnest(?::text[], ?::text[]) with ordinality w (schema, name, n)
              left join pg_catalog.pg_namespace n on n.nspname = w.schema
              left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind = 'S'
             order by w.n
            """;

    /// Null for one that was not used, cannot be read or is gone. What it would say of it fails before 17.
    private static final String VALUES = """
            select (%s), array(
                select case when pg_catalog.has_sequence_privilege(w.oid, 'SELECT')
                            then pg_catalog.pg_sequence_last_value(w.oid) end
                  from unnest(?::oid[]) with ordinality w (oid, n)
                 order by w.n)
            """.formatted(FINGERPRINT.strip());

    private final Connection connection;
    private final Map<TableRef, Optional<TableRef>> owners;
    private final String fingerprint;
    private final List<TableRef> names;
    private final Long[] oids;

    /// Looks up `known`.
    ///
    /// @param fingerprint read before it was found out which there are: then nothing is missed
    /// @param known       each with the table it belongs to
    SequenceValues(Connection connection, String fingerprint, Map<TableRef, Optional<TableRef>> known)
            throws SQLException {
        this.connection = connection;
        this.fingerprint = fingerprint;
        this.owners = Map.copyOf(known);
        this.names = List.copyOf(owners.keySet());
        this.oids = oids();
    }

    /// Of all sequences there are.
    static String fingerprint(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(FINGERPRINT)) {
            row.next();
            return row.getString(1);
        }
    }

    /// The exact state of each.
    ///
    /// @return empty if there are other sequences now, or others with these names
    /// @throws SQLException `42501` if one cannot be read
    Optional<Map<TableRef, SequenceState>> read() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(VALUES)) {
            query.setArray(1, connection.createArrayOf("oid", oids));
            Long[] last;
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (!row.getString(1).equals(fingerprint)) {
                    return Optional.empty();
                }
                last = (Long[]) row.getArray(2).getArray();
            }
            Map<TableRef, SequenceState> states = new HashMap<>();
            List<TableRef> unused = new ArrayList<>();
            for (int i = 0; i < last.length; i++) {
                TableRef name = names.get(i);
                if (last[i] == null) {
                    unused.add(name);
                } else {
                    states.put(name, SequenceSync.state(name, owners, last[i], true));
                }
            }
            for (SequenceState state : SequenceSync.directly(connection, unused, owners)) {
                states.put(state.sequence(), state);
            }
            return Optional.of(states);
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("42P01")) { // gone between the two questions
                return Optional.empty();
            }
            throw e;
        }
    }

    private Long[] oids() throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(OIDS)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", names.stream().map(TableRef::schema).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", names.stream().map(TableRef::name).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getObject(1, Long.class));
                }
            }
        }
        return found.toArray(Long[]::new);
    }
}
