package io.handover.report;

import io.handover.model.AuditEvent;
import io.handover.model.AuditTrail;
import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.GateOverride;
import io.handover.model.HookRun;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Operator;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.SeenBefore;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.TimelineEntry;
import io.handover.model.TlsMode;
import io.handover.model.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A migration in which everything happened that a record can hold, with names that nobody wants.
final class ReportSample {

    static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
    /// 63 letters, as long as PostgreSQL allows, without a place to break.
    static final String LONG = "quarterly_revenue_adjustments_and_corrections_archive_2019_2026";
    /// Quotes, line ends, markup, letters from right to left, and one that turns all that follows about.
    static final String HOSTILE = "a\"b'c\nd\te\r\\🐘 שלום <b>&amp;</b>\u202e; drop table x --";

    private static final String ANN = "ann@desk-4.example.com";

    private ReportSample() {}

    static MigrationState state() {
        var plan = Plan.of(new MigrationId("0badcafe"), profile("Orders <production>", LONG), profile("new", "orders"));
        return new MigrationState(
                plan,
                Stage.REVERSE_OPEN,
                Optional.empty(),
                Side.TARGET,
                Optional.empty(),
                Optional.of(late()),
                Optional.empty(),
                204,
                Optional.of(NOON.minusSeconds(90_000)),
                Optional.of(comparison()),
                List.of(cutover()),
                Optional.of(NOON.plus(Duration.ofHours(48))),
                List.of("-- on the source\nselect pg_drop_replication_slot('handover_0badcafe_fwd');"),
                audit());
    }

    static StatementLog statements() {
        return new StatementLog(
                ran(),
                List.of(
                        "What bob@two ran from 2026-01-02T11:45:00Z to 2026-01-02T11:46:00Z is missing here: it is in the"
                                + " record on that computer alone."));
    }

    private static List<SqlRecord> ran() {
        return IntStream.range(0, 60)
                .mapToObj(i -> new SqlRecord(
                        i,
                        NOON.minusSeconds(90_000 - i),
                        i % 2 == 0 ? Side.SOURCE : Side.TARGET,
                        i % 9 == 0
                                ? "comment on table \"" + HOSTILE + "\" is 'x'"
                                : "alter publication handover_0badcafe_fwd add table \"" + LONG + "\".\"" + LONG + "\"",
                        Duration.ofMillis(i * 7L),
                        i % 10 == 9 ? SqlRecord.Status.FAILED : SqlRecord.Status.DONE,
                        i % 10 == 9 ? "55P03 canceling statement due to lock timeout" : "1 row"))
                .toList();
    }

    private static Problem late() {
        return new Problem(
                Problem.LATE_WRITES,
                "Something was written on the source after it had handed over: 2 changes that the target does not have.",
                "The target owns the data and takes writes; these rows are on the source alone.",
                "Look at them and bring over what is needed, by hand.",
                "INSERT " + LONG + "." + LONG + " id=80001; UPDATE " + HOSTILE + " id=4");
    }

    private static CutoverReport cutover() {
        return new CutoverReport(
                Side.SOURCE,
                NOON.minusSeconds(3),
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(30)),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(84)),
                List.of(
                        new TimelineEntry("Hook before-freeze", -2300, 2210, false, ""),
                        new TimelineEntry("Writes stopped", 0, 13.2, true, "204 tables"),
                        new TimelineEntry("Fence planted", 13.4, 0.9, true, ""),
                        new TimelineEntry(
                                "Fence arrived", 14.3, 9.1, true, "everything up to 16/B374D848 of the source"),
                        new TimelineEntry("Old owner guarded against writes", 900, -1, false, LONG + "." + LONG)),
                List.of(new HookRun(
                        "switch", "switch.sh --to " + LONG + LONG, 0, true, "reloaded\n" + LONG, Duration.ZERO)),
                Optional.of(late()),
                List.of("ATTENTION: " + late().what() + " " + late().details()));
    }

    private static VerifyReport comparison() {
        return new VerifyReport(
                NOON.minusSeconds(600),
                Duration.ofSeconds(41),
                true,
                Side.SOURCE,
                "every row by its hash, while writes went on",
                new Lsn(0x16_B374_0000L),
                Duration.ofMillis(240),
                IntStream.range(0, 40)
                        .mapToObj(i -> new TableVerdict(
                                new TableRef(i == 1 ? HOSTILE : LONG, i == 1 ? HOSTILE : LONG.substring(i % 5)),
                                TableVerdict.Verdict.EQUAL,
                                1_234_567_890L * i,
                                1_234_567_890L * i,
                                i + "23456789:-9223372036854775808",
                                i + "23456789:-9223372036854775808",
                                0,
                                0,
                                List.of(),
                                "",
                                i % 2 == 0
                                        ? Optional.empty()
                                        : Optional.of(new TableProof(
                                                new Lsn(0x16_B374_0000L),
                                                NOON.minusSeconds(900),
                                                true,
                                                Optional.empty(),
                                                Optional.empty()))))
                        .toList(),
                List.of(LONG + "." + HOSTILE + " is unlogged: its rows are copied again at the cutover."),
                List.of(),
                Optional.of(new Operator("ann", "desk-4.example.com", "postgres", "postgres")),
                Optional.of(new SeenBefore("740 742", "750 751 750", Optional.empty())));
    }

    private static AuditTrail audit() {
        return new AuditTrail(
                List.of(
                        new AuditEvent(NOON.minusSeconds(90_000), ANN, AuditEvent.Kind.COMMAND, "Start"),
                        new AuditEvent(NOON.minusSeconds(900), "bob@two", AuditEvent.Kind.NOTE, HOSTILE + LONG + LONG),
                        new AuditEvent(
                                NOON.minusSeconds(4),
                                ANN,
                                AuditEvent.Kind.COMMAND,
                                "CutOver, confirmed by typing orders"),
                        new AuditEvent(NOON.plusSeconds(1), ANN, AuditEvent.Kind.HANDOVER, "from the source: done")),
                List.of(new GateOverride(
                        Side.SOURCE,
                        "same-schema",
                        "The target has the same schema",
                        "2 differences: index " + LONG + "." + LONG + ", trigger " + HOSTILE,
                        "No row is lost, but the application finds this missing.",
                        "a1",
                        "made on the target at night, agreed with " + LONG,
                        ANN,
                        NOON.minusSeconds(60),
                        Optional.of(NOON.plusSeconds(1)),
                        "used: the data changed hands")));
    }

    private static Profile profile(String name, String database) {
        return new Profile(
                name,
                "orders-prod.example.com",
                5432,
                database,
                "handover",
                TlsMode.REQUIRE,
                "",
                Environment.PRODUCTION);
    }
}
