package io.handover.ui.connect;

import io.handover.model.Finding;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.ServerInfo;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;

/// What servers and the preflight say, for the tests of this screen.
final class ConnectSamples {

    private ConnectSamples() {}

    static ServerInfo info() {
        return new ServerInfo(
                "16.4",
                160004,
                Duration.ofMillis(3),
                "TLSv1.3",
                "handover",
                false,
                true,
                true,
                false,
                442_381_631_488L,
                "UTF8",
                "logical");
    }

    static Problem wrongPassword() {
        return new Problem(
                "28P01",
                "The server refused the password.",
                "Nothing was read or changed on it.",
                "Type the password of role handover again, or look whether pg_hba.conf lets it in from here.",
                "FATAL: password authentication failed for user \"handover\" (SQLSTATE 28P01)");
    }

    static PreflightReport report() {
        return new PreflightReport(
                FakeMigration.NOON,
                List.of(
                        new Finding(
                                "wal-level",
                                Severity.BLOCKER,
                                Side.SOURCE,
                                "wal_level is replica; it has to be logical",
                                "Without it the source cannot say what changes, and no slot can be made. The change"
                                        + " takes effect at the next restart of the server: plan one.",
                                "alter system set wal_level = 'logical';\n-- then restart the server",
                                true),
                        new Finding(
                                "replica-identity",
                                Severity.WARNING,
                                Side.SOURCE,
                                "1 table without a replica identity: \"" + Samples.LONG_NAME + "\"",
                                "UPDATE and DELETE on it would fail on the source once it is published.",
                                "alter table \"audit log\" replica identity full;",
                                true),
                        new Finding(
                                "long-transactions",
                                Severity.WARNING,
                                Side.SOURCE,
                                "A transaction is open for 42 min: pid 4711 (report, psql from 10.0.0.7)",
                                "Making the slot waits for its end.",
                                "",
                                false),
                        new Finding(
                                "unlogged",
                                Severity.NOTE,
                                Side.TARGET,
                                "2 unlogged tables are copied again at the cutover",
                                "Their changes are not in the log.",
                                "",
                                false)),
                List.of("versions", "privileges", "free-slots", "extensions", "target-empty"));
    }
}
