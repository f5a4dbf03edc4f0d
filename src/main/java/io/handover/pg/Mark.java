package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who owns the data, as one server has it in the only row of `handover.mark`. Changed by `MarkChange` and
/// `Watchdog` alone.
///
/// @param migration      whose mark it is
/// @param epoch          counts the cutovers tried between the two servers; every attempt has a new one
/// @param owner          the side that owns the data as far as this server knows
/// @param state          how far an attempt is
/// @param deadline       this server's clock: when the watchdog takes an unconfirmed attempt back; empty if
///                       none runs
/// @param markedAt       this server's clock: when its present read-only default was set or taken away; empty
///                       if never
/// @param readOnlyBefore the database's own `default_transaction_read_only` before the attempt; empty if it
///                       had none
public record Mark(
        MigrationId migration,
        long epoch,
        Side owner,
        State state,
        Optional<Instant> deadline,
        Optional<Instant> markedAt,
        Optional<String> readOnlyBefore) {

    /// The states of an attempt, as they stand in the table in lower case.
    public enum State {
        /// The owner the row names owns the data; no attempt is under way.
        OWNS,
        /// A watchdog runs; writes may be stopped by locks; everything is undone by letting go.
        ARMED,
        /// New sessions are read-only; still undone by the watchdog.
        HANDING_OVER,
        /// The other side owns the data for good.
        HANDED_OVER;

        /// As in the table.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// Reads the mark; empty if the server has none, or no schema `handover`.
    public static Optional<Mark> read(Connection connection) throws SQLException {
        if (!exists(connection)) {
            return Optional.empty();
        }
        try (PreparedStatement query = connection.prepareStatement("""
                        select migration, epoch, owner, state, deadline, marked_at, read_only_before
                          from handover.mark where id = 1
                        """);
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Mark(
                            new MigrationId(row.getString(1)),
                            row.getLong(2),
                            Side.of(row.getString(3)),
                            State.of(row.getString(4)),
                            instant(row.getObject(5, OffsetDateTime.class)),
                            instant(row.getObject(6, OffsetDateTime.class)),
                            Optional.ofNullable(row.getString(7))))
                    : Optional.empty();
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("select pg_catalog.to_regclass('handover.mark') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static Optional<Instant> instant(@Nullable OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
