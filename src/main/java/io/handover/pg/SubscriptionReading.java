package io.handover.pg;

import io.handover.model.Lsn;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What one look at a subscription found, on the server that follows.
public sealed interface SubscriptionReading {

    /// There is no such subscription in this database.
    record Missing(String name) implements SubscriptionReading {}

    /// It is there.
    ///
    /// @param name      its name
    /// @param enabled   whether it is meant to run
    /// @param worker    the pid of its apply worker; empty while none runs
    /// @param slot      the slot it reads from; empty after `SET (slot_name = NONE)`
    /// @param tables    how many tables are in which state (`pg_subscription_rel.srsubstate`, `r` is ready)
    /// @param errors    failures of the apply worker since the statistics began; empty before 15
    /// @param applied   end of the last transaction applied (`remote_lsn`); empty before the first. It does
    /// not move
    ///                  on transactions without a published change, so it proves no lag
    record Present(
            String name,
            boolean enabled,
            OptionalInt worker,
            Optional<String> slot,
            Map<String, Integer> tables,
            OptionalLong errors,
            Optional<Lsn> applied)
            implements SubscriptionReading {

        /// Copies the map.
        public Present {
            tables = Map.copyOf(tables);
        }

        /// How many tables it takes changes for; changes of others are skipped in silence.
        public int tableCount() {
            return tables.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
