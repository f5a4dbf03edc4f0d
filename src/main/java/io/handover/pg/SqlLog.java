package io.handover.pg;

import io.handover.flow.History;
import io.handover.flow.Signal;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Every statement that changed something on either server, for the drawer and the report. Any thread.
public final class SqlLog {

    private final InstantSource clock;
    private final AtomicLong numbers = new AtomicLong();
    private final History<SqlRecord> history = new History<>(10_000);
    private final Signal<Optional<SqlRecord>> newest = new Signal<>(Optional.empty());

    /// Stamps with `clock`.
    public SqlLog(InstantSource clock) {
        this.clock = clock;
    }

    /// Notes that `sql` is being sent.
    ///
    /// @param sql as people may see it: passwords masked
    public SqlRecord began(Side side, String sql) {
        return add(new SqlRecord(
                numbers.incrementAndGet(), clock.instant(), side, sql, Duration.ZERO, SqlRecord.Status.RUNNING, ""));
    }

    /// Notes that it succeeded.
    public void done(SqlRecord running, String note) {
        add(ended(running, SqlRecord.Status.DONE, note));
    }

    /// Notes that the server refused it.
    public void failed(SqlRecord running, String note) {
        add(ended(running, SqlRecord.Status.FAILED, note));
    }

    /// `1 row`, `1204 rows`: the usual note of a statement that changed some.
    static String rows(long number) {
        return number + (number == 1 ? " row" : " rows");
    }

    /// The last statements, oldest first; one that has ended is there a second time with the same number.
    public History<SqlRecord> history() {
        return history;
    }

    /// The newest entry.
    public Signal<Optional<SqlRecord>> newest() {
        return newest;
    }

    private SqlRecord ended(SqlRecord running, SqlRecord.Status status, String note) {
        return new SqlRecord(
                running.number(),
                running.at(),
                running.side(),
                running.sql(),
                Duration.between(running.at(), clock.instant()),
                status,
                note);
    }

    private SqlRecord add(SqlRecord entry) {
        history.add(entry);
        newest.set(Optional.of(entry));
        return entry;
    }
}
