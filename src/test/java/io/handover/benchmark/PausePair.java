package io.handover.benchmark;

import io.handover.demo.DatabaseUrl;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.demo.WorkloadReport.Move;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// One shop on two servers, the application that writes to it, and one way to hand it over from the one to the other.
abstract class PausePair {

    private static final Duration BEFORE = Duration.ofSeconds(4);
    private static final Duration AFTER = Duration.ofSeconds(2);
    private static final int WRITERS = 8;

    final Databases with;
    final DatabaseUrl url;
    private Side owner = Side.SOURCE;

    PausePair(Databases with) {
        this.with = with;
        this.url = new DatabaseUrl(with.folder().resolve("url"));
    }

    /// Fills the source: a shop, and as many further tables with a sequence each as make it `tables`.
    ///
    /// @return how many tables and how many sequences there are
    String load(int tables) throws SQLException, IOException {
        ShopSchema.load(with.sourceEndpoint(), ShopSchema.SMALL);
        try (var db = with.source().open(with.from());
                var sql = db.createStatement()) {
            sql.execute("create schema more");
            for (int n = count(sql, "r"); n < tables; n++) {
                sql.execute("create table more.table_" + n + " (id bigserial primary key, what text)");
                sql.execute("insert into more.table_" + n + " (what) select 'row' from generate_series(1, 5)");
            }
            url.write(with.sourceEndpoint());
            return count(sql, "r") + " tables, " + count(sql, "S") + " sequences";
        }
    }

    private static int count(java.sql.Statement sql, String kind) throws SQLException {
        try (var row = sql.executeQuery("select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace"
                + " where relkind = '" + kind + "' and nspname !~ '^pg_' and nspname not in ('information_schema',"
                + " 'handover')")) {
            row.next();
            return row.getInt(1);
        }
    }

    /// Has the target follow the source.
    abstract void connect() throws Exception;

    /// Hands over; ends when the application has been told, or later.
    ///
    /// @return how long writes were stopped on the servers, by the method's own account
    abstract Duration handOver(Side from) throws Exception;

    /// What has to be done before the next one; the application does not write meanwhile.
    abstract void tidy(Side from) throws Exception;

    /// Hands over once, under load.
    ///
    /// @param perSecond transactions a second; 0 for as many as go
    PauseTurn turn(int perSecond) throws Exception {
        long done;
        List<Move> moves;
        Duration stopped;
        double seconds;
        long before;
        try (var workload = Workload.start(
                url, new Workload.Options(WRITERS, perSecond, Duration.ofMillis(200)), Clock.systemUTC())) {
            Thread.sleep(BEFORE.dividedBy(2));
            before = workload.report().committed();
            long began = System.nanoTime();
            Thread.sleep(BEFORE.dividedBy(2));
            done = workload.report().committed() - before;
            seconds = (System.nanoTime() - began) / 1e9;
            stopped = handOver(owner);
            Thread.sleep(AFTER);
            workload.stop();
            moves = workload.report().moves();
            if (!workload.report().unexpected().isEmpty() || moves.size() != 1) {
                throw new IOException("not a clean handing over: " + workload.report());
            }
        }
        tidy(owner);
        owner = owner.other();
        return new PauseTurn(stopped, moves.getFirst().gap(), done / seconds);
    }

    final Endpoint endpoint(Side side) {
        return side == Side.SOURCE ? with.sourceEndpoint() : with.targetEndpoint();
    }
}
