package io.handover.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.model.VerifyReport;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Gates that are passed on the command line.
class HandoverOverrideTest extends CommandFixture {

    @Test
    void anOverrideIsAskedForBeforeTheCutoverAndARefusedOneEndsIt() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var closed = new GateReading(
                "same-schema", false, "The same schema", "1 difference", "", new Overriding.Possible("Slow.", "a1"));
        var late = Instant.now().plusSeconds(3600); // a reading of after the command
        var migration = new FakeMigration(state);
        migration.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(migration);
        String[] line = {
            "cutover", "--source", SOURCE, "--target", TARGET, "--yes", "--override", "same-schema=by night, a=b"
        };
        run(line);
        var asked = migration.asked();
        int override = asked.indexOf(new Command.OverrideGate("same-schema", "by night, a=b"));
        assertTrue(override >= 0 && override < asked.indexOf(new Command.CutOver("shop")), asked::toString);

        var unattended = new FakeMigration(state);
        unattended.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(unattended);
        String[] migrate = {
            "migrate", "--source", SOURCE, "--target", TARGET, "--yes", "--override", "same-schema=by night"
        };
        assertEquals(2, run(migrate), "there is no gate before the cutover");
        assertEquals(List.of(), unattended.asked());

        var stubborn = new FakeMigration(state).refuse(Command.OverrideGate.class, "It cannot be overridden.");
        stubborn.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(stubborn);
        assertEquals(3, run(line));
        assertTrue(told().contains("cannot be overridden"), told());
        assertFalse(stubborn.asked().contains(new Command.CutOver("shop")), "nothing was stopped");
    }

    /// Nobody attends: past the gate that is overridden, and not past one that cannot be.
    @Test
    void aMigrationGoesPastTheGateThatIsOverriddenAndPastNoOther() {
        var late = Instant.now().plusSeconds(3600); // readings of after the command
        var possible = new GateReading(
                "same-schema", false, "The same schema", "1 difference", "", new Overriding.Possible("Slow.", "a1"));
        var open = new GateReading("lag", true, "The target keeps up", "0 kB behind", "");
        var migration = unattended(late);
        migration.gates().set(new GatesView(late, List.of(possible, open), Duration.ZERO));
        desk.withRunning(migration);
        String[] line = {
            "migrate",
            "--source",
            SOURCE,
            "--target",
            TARGET,
            "--until",
            "cutover",
            "--yes",
            "--override",
            "same-schema=by night",
            "--override",
            "lag=for once"
        };

        assertEquals(0, run(line), told());

        assertEquals(
                List.of(
                        new Command.Verify(),
                        new Command.OverrideGate("same-schema", "by night"),
                        new Command.CutOver("shop")),
                migration.asked(),
                "one that is open needs no override");

        var guarded = unattended(late).refuse(Command.OverrideGate.class, "It guards rows and cannot be overridden.");
        guarded.gates().set(new GatesView(late, List.of(possible, open), Duration.ZERO));
        desk.withRunning(guarded);
        assertEquals(3, run(line));
        assertTrue(told().contains("guards rows"), told());
        assertEquals(List.of(new Command.Verify()), guarded.asked(), "nothing was stopped");
    }

    /// One that streams, and does at once what it is asked to.
    private static FakeMigration unattended(Instant when) {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var equal = new VerifyReport(
                when, Duration.ZERO, true, Side.SOURCE, "", Lsn.parse("0/1"), Duration.ZERO, List.of(), List.of());
        var done = new CutoverReport(
                Side.SOURCE,
                when,
                Optional.empty(),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new FakeMigration(state)
                .answer(Command.Verify.class, now -> Samples.verified(now, equal))
                .answer(
                        Command.CutOver.class,
                        now -> Samples.cutOver(now, Stage.REVERSE_OPEN, Side.TARGET, done, Optional.empty()));
    }
}
