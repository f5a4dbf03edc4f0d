package io.handover.ui;

import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.model.VerifyReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Profiles, plans and states for the window's tests.
public final class Samples {

    /// A name as long as PostgreSQL allows: 63 bytes, with what a catalogue may hold.
    public static final String LONG_NAME = "Quarterly \"Revenue\" adjustments_and corrections (archive) – 2019";

    /// As long, with all that makes trouble: quotes, line ends, a tab, a picture, right-to-left letters.
    public static final String HOSTILE_NAME = "a\"b'c\nd\te\r\\🐘 שלום $1 %s {0} <b>&amp;</b>; drop table x --";

    private Samples() {}

    /// A production database.
    public static Profile source() {
        return new Profile(
                "Orders production",
                "orders-prod.example.com",
                5432,
                "orders",
                "handover",
                TlsMode.VERIFY_FULL,
                "",
                Environment.PRODUCTION);
    }

    /// The new server.
    public static Profile target() {
        return new Profile(
                "Orders on 18",
                "orders-pg18.example.com",
                5432,
                "orders",
                "handover",
                TlsMode.REQUIRE,
                "",
                Environment.STAGING);
    }

    /// From one to the other, everything at its default.
    public static Plan plan() {
        return Plan.of(new MigrationId("0badcafe"), source(), target());
    }

    /// The slot is gone.
    public static Problem problem() {
        return new Problem(
                "slot-lost",
                "The source removed WAL that the target still needed.",
                "Nothing is lost on the source; the target cannot follow any more and has to be copied again.",
                "Raise max_slot_wal_keep_size on the source, then discard and start again.",
                "ERROR: can no longer get changes from replication slot \"handover_0badcafe_fwd\" (SQLSTATE 55000)");
    }

    /// Rows were written on the old owner after all.
    public static Problem lateWrites() {
        return new Problem(
                Problem.LATE_WRITES,
                "Something was written on the source after it had handed over: 2 changes that the target does not have.",
                "The target owns the data and takes writes; these rows are on the source alone.",
                "Look at them and bring over what is needed, by hand. Until then the slot handover_0badcafe_fwd stays"
                        + " there, and keeps the log. In full: select * from pg_logical_slot_peek_binary_changes('"
                        + "handover_0badcafe_fwd', null, null, 'proto_version', '1', 'publication_names',"
                        + " 'handover_0badcafe_fwd'). Then: select pg_drop_replication_slot('handover_0badcafe_fwd').",
                "INSERT shop.orders id=80001; UPDATE " + LONG_NAME + "." + HOSTILE_NAME + " id=4");
    }

    /// `state` with another plan.
    public static MigrationState planned(MigrationState state, Plan plan) {
        return new MigrationState(
                plan,
                state.stage(),
                state.failedStage(),
                state.owner(),
                state.task(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }

    /// `state` with the result of a preflight.
    public static MigrationState checked(MigrationState state, PreflightReport report) {
        return new MigrationState(
                state.plan(),
                report.blocked() ? Stage.DRAFT : Stage.CHECKED,
                state.failedStage(),
                state.owner(),
                Optional.empty(),
                state.problem(),
                Optional.of(report),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }

    /// `state` after `stage` failed of `problem`.
    public static MigrationState failed(MigrationState state, Stage stage, Problem problem) {
        return new MigrationState(
                state.plan(),
                Stage.FAILED,
                Optional.of(stage),
                state.owner(),
                Optional.empty(),
                Optional.of(problem),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }

    /// `state` with something wrong that did not stop it.
    public static MigrationState troubled(MigrationState state, Problem problem) {
        return new MigrationState(
                state.plan(),
                state.stage(),
                state.failedStage(),
                state.owner(),
                state.task(),
                Optional.of(problem),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }

    /// `state` with a comparison, finished or not.
    public static MigrationState verified(MigrationState state, VerifyReport report) {
        return new MigrationState(
                state.plan(),
                state.stage(),
                state.failedStage(),
                state.owner(),
                state.task(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                Optional.of(report),
                state.cutovers(),
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }

    /// `state` after one more cutover or roll back.
    ///
    /// @param stage      where that led to
    /// @param owner      who owns the data now
    /// @param windowEnds empty outside the window
    public static MigrationState cutOver(
            MigrationState state, Stage stage, Side owner, CutoverReport report, Optional<Instant> windowEnds) {
        return new MigrationState(
                state.plan(),
                stage,
                state.failedStage(),
                owner,
                Optional.empty(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                Stream.concat(state.cutovers().stream(), Stream.of(report)).toList(),
                windowEnds,
                state.leftovers(),
                state.audit());
    }

    /// `state` with things that could not be removed.
    public static MigrationState left(MigrationState state, List<String> leftovers) {
        return new MigrationState(
                state.plan(),
                state.stage(),
                state.failedStage(),
                state.owner(),
                state.task(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                state.windowEnds(),
                leftovers,
                state.audit());
    }

    /// The end of a migration.
    public static MigrationState finished(MigrationState state, List<String> leftovers) {
        return new MigrationState(
                state.plan(),
                Stage.FINISHED,
                state.failedStage(),
                state.owner(),
                Optional.empty(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                state.verification(),
                state.cutovers(),
                Optional.empty(),
                leftovers,
                state.audit());
    }
}
