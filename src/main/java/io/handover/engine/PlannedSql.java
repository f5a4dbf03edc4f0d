package io.handover.engine;

import io.handover.model.CopyMethod;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.pg.SqlNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The statements that will come next, with placeholders where only the run knows: what the drawer shows before a
/// click. A preview for reading; the steps write their own.
final class PlannedSql {

    private PlannedSql() {}

    static List<SqlRecord> of(MigrationState state, Instant now) {
        return switch (state.stage()) {
            case DRAFT, CHECKED -> start(state.plan(), now);
            case STREAMING -> cutover(state.plan(), Side.SOURCE, now);
            case REVERSE_OPEN -> cutover(state.plan(), Side.TARGET, now);
            default -> List.of();
        };
    }

    private static List<SqlRecord> start(Plan plan, Instant now) {
        MigrationId id = plan.id();
        String name = id.publication(Side.SOURCE);
        var list = new Listing(now);
        list.add(Side.SOURCE, "create schema handover -- with the tables Handover keeps its state in");
        list.add(Side.TARGET, "create schema handover -- the same");
        list.add(Side.TARGET, "-- the schema as pg_dump has it: types, functions, tables, views, without indexes");
        list.add(
                Side.SOURCE, "create publication \"" + name + "\" for table … -- an explicit list, and handover.fence");
        list.add(
                Side.SOURCE,
                "CREATE_REPLICATION_SLOT \"" + id.slot(Side.SOURCE) + "\" LOGICAL pgoutput EXPORT_SNAPSHOT");
        if (plan.copyMethod() == CopyMethod.SERVER_TO_SERVER) {
            list.add(
                    Side.TARGET,
                    "alter subscription \"" + id.subscription(Side.SOURCE)
                            + "\" refresh publication with (copy_data = true) -- the target fetches each table itself");
        } else if (plan.copyMethod() == CopyMethod.ARCHIVE) {
            list.add(Side.SOURCE, "-- pg_dump --snapshot=… reads each table, " + plan.workers() + " at a time");
            list.add(Side.TARGET, "copy … from stdin -- each table, as pg_restore reads it from the archive");
        } else {
            list.add(
                    Side.TARGET,
                    "copy … from stdin -- each table, from that snapshot, " + plan.workers() + " at a time");
        }
        list.add(Side.TARGET, "alter table … add primary key …; create index …; add foreign key …; create trigger …");
        list.add(Side.TARGET, "analyze …");
        list.add(
                Side.TARGET,
                "create subscription \"" + id.subscription(Side.SOURCE) + "\" connection '…' publication \"" + name
                        + "\" with (copy_data = false, create_slot = false)");
        return list.records;
    }

    private static List<SqlRecord> cutover(Plan plan, Side from, Instant now) {
        MigrationId id = plan.id();
        Side to = from.other();
        var list = new Listing(now);
        list.add(to, "create publication \"" + id.publication(to) + "\" for table …");
        list.add(
                from,
                "update handover.mark set state = 'armed', deadline = clock_timestamp() + '" + plan.deadline() + "'");
        list.add(
                from, "do … -- the watchdog: at the deadline it turns an unconfirmed mark back, whatever happens here");
        plan.poolers()
                .forEach(pooler ->
                        list.add(from, "PAUSE \"" + pooler.database() + "\" -- on the console of " + pooler.words()));
        list.add(from, "lock table … in exclusive mode -- writers wait, readers go on");
        list.add(from, "insert into handover.fence … -- a row that arrives after all others");
        list.add(
                from,
                "update handover.mark set state = 'handing_over'; alter database "
                        + SqlNames.quoted(plan.profile(from).database())
                        + " set default_transaction_read_only = on");
        list.add(from, "select pg_terminate_backend(…) -- old sessions that do not wait for the locks");
        list.add(to, "select from handover.fence … -- until the row is there");
        list.add(to, "select setval(…), … -- all sequences, last_value and is_called");
        list.add(to, "alter subscription \"" + id.subscription(from) + "\" disable");
        list.add(to, "select pg_create_logical_replication_slot('" + id.slot(to) + "', 'pgoutput')");
        list.add(from, "update handover.mark set state = 'handed_over' -- the point of no return");
        list.add(to, "update handover.mark set owner = '" + to.word() + "', state = 'owns' -- open");
        list.add(from, "select pg_terminate_backend(…) -- the sessions that waited; then the locks are let go");
        plan.poolers()
                .forEach(pooler -> list.add(
                        to,
                        "RELOAD; RESUME \"" + pooler.database() + "\" -- on the console of " + pooler.words()
                                + ", after the switch hook"));
        list.add(from, "create subscription \"" + id.subscription(to) + "\" … -- the way back");
        return list.records;
    }

    /// Collects numbered lines.
    private static final class Listing {
        private final Instant now;
        private final List<SqlRecord> records = new ArrayList<>();

        Listing(Instant now) {
            this.now = now;
        }

        void add(Side side, String sql) {
            records.add(new SqlRecord(
                    records.size() + 1L, now, side, sql, Duration.ZERO, SqlRecord.Status.RUNNING, "planned"));
        }
    }
}
