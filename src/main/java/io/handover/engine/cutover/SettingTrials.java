package io.handover.engine.cutover;

import io.handover.model.FreezeMethod;
import io.handover.model.Plan;
import io.handover.pg.ApplyStop;
import io.handover.pg.DbSession;
import io.handover.pg.FreezeRoles;
import io.handover.pg.ReadOnlyDefault;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/// The settings that a cutover changes on both servers, each tried by its own statement in a transaction that is rolled
/// back at once: rights that are missing, and whoever holds the same row, are found before writes are ever stopped.
///
/// What it could do to production: log-ins and the apply worker read what is committed, so they never see it, and the
/// worker is told nothing. Somebody else who changes the same setting at that moment waits for it.
final class SettingTrials {

    private final Plan plan;
    private final List<String> told;
    private final List<String> faults;

    /// @param told   gets what was tried, with the time it took
    /// @param faults gets what would stop a cutover
    SettingTrials(Plan plan, List<String> told, List<String> faults) {
        this.plan = plan;
        this.told = told;
        this.faults = faults;
    }

    /// The read-only default of the database, or of each role that a freeze by role names.
    ///
    /// @param owner autocommit on
    /// @return milliseconds
    double readOnly(DbSession owner) throws SQLException {
        if (plan.freeze() != FreezeMethod.NAMED_ROLES) {
            return tried(
                    "database made read-only by default and rolled back",
                    "the database cannot be made read-only by default",
                    () -> ReadOnlyDefault.rehearse(owner));
        }
        var found = FreezeRoles.find(owner.jdbc(), plan.freezeRoles());
        long began = System.nanoTime();
        for (FreezeRoles.Role role : found) {
            attempt("the role " + role.name() + " cannot be made read-only", () -> FreezeRoles.rehearse(owner, role));
        }
        return took(found.size() + (found.size() == 1 ? " role" : " roles") + " made read-only and rolled back", began);
    }

    /// The end of the stream; not how long its worker takes to end, which is known only once it does.
    ///
    /// @param follower autocommit on
    /// @return milliseconds
    double stream(DbSession follower, String subscription) throws SQLException {
        return tried(
                "stream disabled and rolled back",
                "the stream cannot be stopped on the " + follower.side().word(),
                () -> {
                    if (!ApplyStop.rehearse(follower, subscription)) {
                        faults.add("Handover's role may not end the stream's worker on the "
                                + follower.side().word() + ": it needs pg_signal_backend, or a superuser if a superuser"
                                + " owns the subscription");
                    }
                });
    }

    private double tried(String what, String otherwise, Trial trial) throws SQLException {
        long began = System.nanoTime();
        attempt(otherwise, trial);
        return took(what, began);
    }

    private void attempt(String otherwise, Trial trial) throws SQLException {
        try {
            trial.run();
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e)) {
                throw e;
            }
            faults.add(otherwise + ": " + e.getMessage());
        }
    }

    private double took(String what, long began) {
        double millis = (System.nanoTime() - began) / 1e6;
        told.add(what + String.format(Locale.ROOT, " %.1f ms", millis));
        return millis;
    }

    @FunctionalInterface
    private interface Trial {
        void run() throws SQLException;
    }
}
