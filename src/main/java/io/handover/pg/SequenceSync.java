package io.handover.pg;

import io.handover.model.Scope;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Sets the sequences of the follower to where the owner's stand: streams do not carry them.
///
/// Read from the sequences themselves: the view `pg_sequences` says nothing of a sequence that was set but
/// not used,
/// and hides those without a right; `max(column)` knows nothing of values given and not, or no longer,
/// stored.
public final class SequenceSync {

    /// So many are set by one statement.
    private static final int CHUNK = 1_000;

    /// So many are read by one statement: the time to plan it grows faster than its length.
    private static final int READ = 20;

    /// Those of the given names that were used. `pg_sequence_last_value` is what the view `pg_sequences`
    /// calls; it fails without the right to read (before 17), so what cannot be read is left to the statement
    /// that says why.
    private static final String USED = """
            select * from (
              select n.nspname, c.relname,
                     case when pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
                          then pg_catalog.pg_sequence_last_value(c.oid) end as last
                from unnest(?::text[], ?::text[]) w (schema, name)
                join pg_catalog.pg_namespace n on n.nspname = w.schema
                join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind = 'S') s
             where last is not null
            """;

    private static final String SEQUENCES = """
            select n.nspname, c.relname, tn.nspname, t.relname
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              left join pg_catalog.pg_depend d
                on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
               and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
              left join pg_catalog.pg_class t on t.oid = d.refobjid
              left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
             where c.relkind = 'S' and c.relpersistence <> 't' and %s and %s
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private SequenceSync() {}

    /// What became of a sync.
    ///
    /// @param same      sequences that stand alike on both sides, read back from the follower
    /// @param missing   not there on the follower
    /// @param different there, yet not alike even after it was set: somebody uses it, or it has other bounds
    public record Result(int same, List<TableRef> missing, List<TableRef> different) {

        /// Copies the lists.
        public Result {
            missing = List.copyOf(missing);
            different = List.copyOf(different);
        }

        /// True if every sequence of the owner stands alike on the follower.
        public boolean complete() {
            return missing.isEmpty() && different.isEmpty();
        }
    }

    /// Reads the owner, sets what differs on the follower, and reads it back. Exact only while nobody uses
    /// the owner's
    /// sequences.
    ///
    /// @param follower autocommit on, `synchronous_commit = on`
    /// @param scope    a sequence moves with its schema, and with the table it belongs to
    /// @throws SQLException `42501` if a sequence cannot be read or set
    public static Result run(Connection owner, DbSession follower, Scope scope) throws SQLException {
        Map<TableRef, SequenceState> wanted =
                read(owner, scope).stream().collect(Collectors.toMap(SequenceState::sequence, Function.identity()));
        Map<TableRef, SequenceState> before = byName(read(follower.jdbc(), Scope.everything()));
        List<SequenceState> toSet = wanted.values().stream()
                .filter(state -> before.containsKey(state.sequence()) && !standsAs(before, state))
                .toList();
        set(follower, toSet);
        Map<TableRef, SequenceState> after =
                toSet.isEmpty() ? before : byName(read(follower.jdbc(), Scope.everything()));
        List<TableRef> missing = new ArrayList<>();
        List<TableRef> different = new ArrayList<>();
        for (SequenceState state : new TreeMap<>(wanted).values()) {
            if (!after.containsKey(state.sequence())) {
                missing.add(state.sequence());
            } else if (!standsAs(after, state)) {
                different.add(state.sequence());
            }
        }
        return new Result(wanted.size() - missing.size() - different.size(), missing, different);
    }

    /// All sequences of the scope, in name order, each with its exact state.
    public static List<SequenceState> read(Connection connection, Scope scope) throws SQLException {
        Map<TableRef, Optional<TableRef>> owners = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(SEQUENCES);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var sequence = new TableRef(row.getString(1), row.getString(2));
                Optional<TableRef> owner = row.getString(4) == null
                        ? Optional.empty()
                        : Optional.of(new TableRef(row.getString(3), row.getString(4)));
                if (scope.includes(sequence) && owner.map(scope::includes).orElse(true)) {
                    owners.put(sequence, owner);
                }
            }
        }
        return values(connection, owners);
    }

    /// The exact states of sequences that are known by name, in name order.
    ///
    /// Most are read by one statement. Measured with 5,000 of them: 50 ms; 300 by statements that unite
    /// twenty reads each, 1,900 by those that unite a thousand. It does not say what one stands at that was set
    /// and never used.
    ///
    /// @param owners each with the table it belongs to
    /// @throws SQLException `42P01` if one is not there
    static List<SequenceState> values(Connection connection, Map<TableRef, Optional<TableRef>> owners)
            throws SQLException {
        Map<TableRef, SequenceState> states = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(USED)) {
            query.setArray(1, texts(connection, owners, TableRef::schema));
            query.setArray(2, texts(connection, owners, TableRef::name));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    var name = new TableRef(row.getString(1), row.getString(2));
                    states.put(name, state(name, owners, row.getLong(3), true));
                }
            }
        }
        List<TableRef> unused = owners.keySet().stream()
                .filter(name -> !states.containsKey(name))
                .toList();
        for (SequenceState state : directly(connection, unused, owners)) {
            states.put(state.sequence(), state);
        }
        return List.copyOf(states.values());
    }

    private static java.sql.Array texts(
            Connection connection, Map<TableRef, Optional<TableRef>> owners, Function<TableRef, String> part)
            throws SQLException {
        return connection.createArrayOf(
                "text", owners.keySet().stream().map(part).toArray());
    }

    /// The same for a few: it takes a statement for each twenty, and says what one stands at that was never used.
    ///
    /// @throws SQLException `42P01` if one is not there
    static List<SequenceState> directly(
            Connection connection, List<TableRef> names, Map<TableRef, Optional<TableRef>> owners) throws SQLException {
        List<SequenceState> states = new ArrayList<>();
        for (int from = 0; from < names.size(); from += READ) {
            List<TableRef> some = names.subList(from, Math.min(names.size(), from + READ));
            var sql = new StringBuilder();
            for (int i = 0; i < some.size(); i++) {
                sql.append(i == 0 ? "select " : " union all select ")
                        .append(i)
                        .append(", last_value, is_called from ")
                        .append(SqlNames.quoted(some.get(i)));
            }
            try (PreparedStatement query = connection.prepareStatement(sql.toString());
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    states.add(state(some.get(row.getInt(1)), owners, row.getLong(2), row.getBoolean(3)));
                }
            }
        }
        return states;
    }

    static SequenceState state(TableRef name, Map<TableRef, Optional<TableRef>> owners, long last, boolean called) {
        return new SequenceState(name, owners.getOrDefault(name, Optional.empty()), last, called);
    }

    static void set(DbSession follower, List<SequenceState> states) throws SQLException {
        for (int from = 0; from < states.size(); from += CHUNK) {
            follower.change(states.subList(from, Math.min(states.size(), from + CHUNK)).stream()
                    .map(state -> "pg_catalog.setval(" + SqlNames.literal(SqlNames.quoted(state.sequence())) + ", "
                            + state.last() + ", " + state.called() + ")")
                    .collect(Collectors.joining(", ", "select ", "")));
        }
    }

    static boolean standsAs(Map<TableRef, SequenceState> there, SequenceState state) {
        SequenceState other = there.get(state.sequence());
        return other != null && other.last() == state.last() && other.called() == state.called();
    }

    private static Map<TableRef, SequenceState> byName(List<SequenceState> states) {
        return states.stream().collect(Collectors.toMap(SequenceState::sequence, Function.identity()));
    }
}
