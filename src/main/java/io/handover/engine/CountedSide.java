package io.handover.engine;

import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.pg.RowCounts;
import io.handover.pg.Server;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One side as the counting sees it: its connection, opened when needed, and the last exact counts. One
/// thread, but for `abort`.
final class CountedSide implements AutoCloseable {

    private final Supplier<Server> server;
    private final Map<TableRef, Long> exact = new HashMap<>();
    private @Nullable DbSession session;
    private boolean aborted;

    CountedSide(Supplier<Server> server) {
        this.server = server;
    }

    /// Reads; empty if the side cannot be read now. Then the connection is dropped, and the next reading
    /// tries a new one.
    <T> Optional<T> read(Reading<T> reading) {
        try {
            return Optional.of(reading.read(session()));
        } catch (SQLException _) {
            drop();
            return Optional.empty();
        }
    }

    /// Counts `tables`. One that cannot be counted loses its old count, so that nothing stale is shown.
    void count(List<TableRef> tables, int seconds) {
        var counted = read(s -> RowCounts.count(s.jdbc(), tables, seconds));
        tables.forEach(exact::remove);
        counted.ifPresent(exact::putAll);
    }

    /// Forgets all other tables.
    void keepOnly(Collection<TableRef> tables) {
        exact.keySet().retainAll(tables);
    }

    /// The last count.
    OptionalLong exact(TableRef table) {
        Long rows = exact.get(table);
        return rows == null ? OptionalLong.empty() : OptionalLong.of(rows);
    }

    /// Breaks off what runs, for good; any thread.
    synchronized void abort() {
        aborted = true;
        if (session != null) {
            try {
                session.abort();
            } catch (SQLException _) {
                // it is torn down either way
            }
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private DbSession session() throws SQLException {
        synchronized (this) {
            if (aborted) {
                throw new SQLException("the counting has ended", "57014");
            }
            if (session != null) {
                return session;
            }
        }
        DbSession opened = RowCounts.open(server.get());
        synchronized (this) {
            session = opened;
        }
        return opened;
    }

    private synchronized void drop() {
        if (session != null) {
            try {
                session.close();
            } catch (SQLException _) {
                // it was lost already
            }
            session = null;
        }
    }

    /// Something to read.
    ///
    /// @param <T> the answer
    @FunctionalInterface
    interface Reading<T> {
        T read(DbSession session) throws SQLException;
    }
}
