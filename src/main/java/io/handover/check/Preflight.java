package io.handover.check;

import io.handover.model.CopyMethod;
import io.handover.model.Finding;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.Waves;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.PgDump;
import io.handover.pg.Server;
import io.handover.pg.ServerFacts;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs all checks in their order.
public final class Preflight {

    /// Every check there is, in the order they are shown within one severity.
    public static final List<Check> CHECKS = List.of(
            new VersionsCheck(),
            new SameDatabaseCheck(),
            new PrimaryCheck(),
            new PgDumpCheck(),
            new ArchiveCheck(),
            new WavesCheck(),
            new WalLevelCheck(),
            new CapacityCheck(),
            new RightsCheck(),
            new ReachCheck(),
            new EmptyTargetCheck(),
            new LeftoversCheck(),
            new ExtensionsCheck(),
            new EncodingCheck(),
            new SettingsCheck(),
            new ReplicaIdentityCheck(),
            new FullIdentityCheck(),
            new GeneratedIdentityCheck(),
            new LoneRowsCheck(),
            new StreamedTriggersCheck(),
            new ForeignStreamsCheck(),
            new RowSecurityCheck(),
            new PreparedTransactionsCheck(),
            new LongTransactionsCheck(),
            new TransactionTimeoutCheck(),
            new ReadOnlyCheck(),
            new UnsupportedObjectsCheck(),
            new GoneSinceCheck(),
            new PoolersCheck(),
            new WalRoomCheck(),
            new SpaceCheck());

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private Preflight() {}

    /// Looks at both servers and changes nothing, where no PgBouncer wants a password.
    ///
    /// @throws PreflightUnreachable if one of them cannot be asked at all
    public static PreflightReport run(Plan plan, Server source, Server target, PgDump pgDump, InstantSource clock)
            throws PreflightUnreachable, InterruptedException {
        return run(plan, source, target, pgDump, PasswordLookup.NONE, clock);
    }

    /// Looks at both servers, and at the PgBouncers of the plan; changes nothing.
    ///
    /// @param consoles passwords of the consoles of PgBouncers
    /// @throws PreflightUnreachable if one of the servers cannot be asked at all
    public static PreflightReport run(
            Plan plan, Server source, Server target, PgDump pgDump, PasswordLookup consoles, InstantSource clock)
            throws PreflightUnreachable, InterruptedException {
        var findings = new ArrayList<Finding>();
        var passed = new ArrayList<String>();
        try (Opened opened = Opened.on(plan, source, target, pgDump, consoles)) {
            for (Check check : CHECKS) {
                List<Finding> found;
                try {
                    found = check.find(opened.context());
                } catch (SQLException e) {
                    found = List.of(unable(check, e));
                }
                findings.addAll(found);
                if (found.isEmpty()) {
                    passed.add(check.name());
                }
            }
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return new PreflightReport(clock.instant(), findings, passed);
    }

    /// Applies the remedy of `finding`.
    public static void fix(Plan plan, Server source, Server target, PgDump pgDump, Finding finding)
            throws SQLException, PreflightUnreachable, InterruptedException {
        try (Opened opened = Opened.on(plan, source, target, pgDump, PasswordLookup.NONE)) {
            for (Check check : CHECKS) {
                if (check.name().equals(finding.check()) && finding.fixable()) {
                    check.fix(opened.context(), finding);
                }
            }
        }
    }

    /// A check that could not be carried out blocks: what it would have found is not known.
    private static Finding unable(Check check, SQLException e) {
        return new Finding(
                check.name(),
                Severity.BLOCKER,
                Side.SOURCE,
                "The check '" + check.name() + "' could not be carried out",
                "What it would have found is not known: " + SqlFailure.state(e) + " " + e.getMessage(),
                "Mend the cause and check again.",
                false);
    }

    /// Both connections, open for one run.
    private record Opened(CheckContext context) implements AutoCloseable {

        static Opened on(Plan plan, Server source, Server target, PgDump pgDump, PasswordLookup consoles)
                throws PreflightUnreachable, InterruptedException {
            Side side = Side.SOURCE;
            try {
                var onSource = source.open("preflight");
                try {
                    side = Side.TARGET;
                    var onTarget = target.open("preflight");
                    try {
                        side = Side.SOURCE;
                        var sourceFacts = ServerFacts.read(onSource.jdbc());
                        var tables = tables(plan, onSource).stream()
                                .filter(t -> plan.scope().includes(t.table()))
                                .toList();
                        side = Side.TARGET;
                        var targetFacts = ServerFacts.read(onTarget.jdbc());
                        return new Opened(new CheckContext(
                                plan,
                                source,
                                target,
                                onSource.jdbc(),
                                onTarget.jdbc(),
                                sourceFacts,
                                targetFacts,
                                tables,
                                pgDump.find(sourceFacts.major()),
                                consoles,
                                pgDump.archiveTools(sourceFacts.major())));
                    } catch (SQLException | InterruptedException e) {
                        onTarget.close();
                        throw e;
                    }
                } catch (SQLException | InterruptedException e) {
                    onSource.close();
                    throw e;
                }
            } catch (SQLException e) {
                throw new PreflightUnreachable(side, e);
            }
        }

        /// Measuring takes longer than all the checks; only what is to be divided, or kept, needs it.
        private static List<TableInfo> tables(Plan plan, DbSession source) throws SQLException {
            boolean measured = !plan.waves().equals(Waves.ONE) || plan.copyMethod() == CopyMethod.ARCHIVE;
            return measured ? Catalog.tables(source.jdbc()) : Catalog.unmeasured(source.jdbc());
        }

        @Override
        public void close() {
            for (Side side : Side.values()) {
                try {
                    context.on(side).close();
                } catch (SQLException e) {
                    LOG.info("the {}'s connection ended by itself: {}", side.word(), SqlFailure.state(e));
                }
            }
        }
    }
}
