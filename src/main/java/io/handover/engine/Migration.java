package io.handover.engine;

import io.handover.flow.History;
import io.handover.flow.Signal;
import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.CountsView;
import io.handover.model.Forecast;
import io.handover.model.FreezeRole;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.LastRows;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Runbook;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One migration as everyone outside the engine sees it. Any thread; no call blocks.
public interface Migration extends AutoCloseable {

    /// Which one.
    MigrationId id();

    /// Stage, task, problem, reports: the truth that pages bind to.
    Signal<MigrationState> state();

    /// The baseline, at most four times a second while it runs.
    Signal<CopyProgress> copy();

    /// The stream, once a second from `CATCHING_UP` on, in both directions.
    Signal<LagView> lag();

    /// A day of lag at one sample a second.
    History<LagSample> lagHistory();

    /// Row counts of all tables, renewed every few seconds while the stream runs.
    Signal<CountsView> counts();

    /// The conditions for the next cutover or roll back, renewed every second or two while the stream runs.
    Signal<GatesView> gates();

    /// The newest statement that changed something; `sqlHistory` has the rest.
    Signal<Optional<SqlRecord>> sql();

    /// The last 10,000 statements; a statement that ends is added again with the same number.
    History<SqlRecord> sqlHistory();

    /// Every statement that was run on either server and changed something, also before a restart and by
    /// other computers as far as they left them on the target; and whose are missing.
    CompletableFuture<StatementLog> statements();

    /// Asks for `command`. Returns at once; what becomes of it shows in `state()`.
    Answer submit(Command command);

    /// Why `command` would be refused now; empty if it would be accepted. Pure and quick.
    Optional<String> refusal(Command command);

    /// All tables of the source's user schemas, whatever the scope.
    CompletableFuture<List<TableInfo>> tables();

    /// The newest `limit` rows of `table` on both sides.
    CompletableFuture<LastRows> lastRows(TableRef table, int limit);

    /// The statements that a repair of `table` would run if it ran now; the repair itself makes them anew.
    CompletableFuture<List<String>> repairSql(TableRef table);

    /// The roles that a freeze by role could name, on the server that owns the data now.
    CompletableFuture<List<FreezeRole>> freezeRoles();

    /// What the next hand-over will do, with the names of this migration, as the plan and the servers are now.
    CompletableFuture<Runbook> runbook();

    /// How long the copy of `plan` will take, which may be another than this migration's. Brings some rows over for
    /// a few seconds, and leaves nothing.
    CompletableFuture<Forecast> forecast(Plan plan);

    /// What the owner has committed and the other side has not received. Reads the log, which can take a minute.
    CompletableFuture<UnsentChanges> unsent();

    /// The statements that Start or the next cutover would run, for the drawer's "will run".
    List<SqlRecord> plannedSql();

    /// Lets go of both servers and the journal. The migration itself goes on as far as PostgreSQL carries it; a
    /// cutover that is under way is waited for.
    @Override
    void close();
}
