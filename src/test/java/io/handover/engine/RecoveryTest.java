package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.handover.journal.Entry;
import io.handover.journal.Fold;
import io.handover.journal.Folded;
import io.handover.journal.Line;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.TlsMode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTest {

    @ParameterizedTest
    @EnumSource(names = {"FENCING", "SWITCHING", "CUT_OVER", "REVERTING"})
    void inTheMiddleOfACutoverTheServersAreAsked(Stage stage) {
        assertInstanceOf(
                Recovery.Next.AskTheMark.class,
                Recovery.after(after(new Entry.Began("CutOver"), new Entry.StageEntered(stage))));
    }

    @Test
    void anAppKilledBetweenArmingAndFreezingAsksTheServersToo() {
        assertInstanceOf(
                Recovery.Next.AskTheMark.class,
                Recovery.after(after(
                        new Entry.StageEntered(Stage.STREAMING),
                        new Entry.Began("CutOver"),
                        new Entry.Intent("freeze", "epoch 1"))));
    }

    @Test
    void whoStillWaitsForAHandOverThatIsOverIsLetGoOn() {
        var over = List.of(
                new Entry.StageEntered(Stage.STREAMING),
                new Entry.Began("CutOver"),
                new Entry.Intent("cutover", "epoch 1"),
                new Entry.Intent("pgbouncer", "its clients wait"));
        assertInstanceOf(Recovery.Next.AskTheMark.class, Recovery.after(after(over.toArray(Entry[]::new))), "not over");
        var undone = new java.util.ArrayList<Entry>(over);
        undone.add(new Entry.Outcome("cutover", false, "deadline"));
        assertInstanceOf(Recovery.Next.ResumePoolers.class, Recovery.after(after(undone.toArray(Entry[]::new))));
        undone.add(new Entry.Began("Verify"));
        assertInstanceOf(Recovery.Next.ResumePoolers.class, Recovery.after(after(undone.toArray(Entry[]::new))));
        undone.add(new Entry.Outcome("pgbouncer", true, ""));
        assertInstanceOf(Recovery.Next.ReleaseHold.class, Recovery.after(after(undone.toArray(Entry[]::new))));
    }

    @Test
    void aCopyThatWasBrokenOffWaitsForAPerson() {
        assertInstanceOf(
                Recovery.Next.Interrupted.class,
                Recovery.after(after(new Entry.Began("Start"), new Entry.StageEntered(Stage.COPYING))));
        assertInstanceOf(Recovery.Next.Interrupted.class, Recovery.after(after(new Entry.Began("Start"))));
    }

    @Test
    void aCopyOfWhichSomethingIsThereGoesOnByItself() {
        var table = new TableRef("public", "t");
        assertInstanceOf(
                Recovery.Next.Again.class,
                Recovery.after(after(
                        new Entry.Began("Start"),
                        new Entry.StageEntered(Stage.COPYING),
                        new Entry.TableCopied(table, 1, 1))));
        assertInstanceOf(
                Recovery.Next.Again.class,
                Recovery.after(after(
                        new Entry.Began("Start"),
                        new Entry.StageEntered(Stage.COPYING),
                        new Entry.TablesKept(List.of(table)))));
    }

    @Test
    void aHeldStreamIsReleased() {
        assertInstanceOf(
                Recovery.Next.ReleaseHold.class,
                Recovery.after(after(new Entry.Began("Verify"), new Entry.StageEntered(Stage.VERIFYING))));
    }

    @Test
    void whatHadOnlyToBeLeftAloneIsLeftAlone() {
        assertInstanceOf(Recovery.Next.Steady.class, Recovery.after(after()));
        assertInstanceOf(
                Recovery.Next.Steady.class,
                Recovery.after(after(new Entry.Began("Start"), new Entry.StageEntered(Stage.STREAMING))));
        assertInstanceOf(
                Recovery.Next.Steady.class,
                Recovery.after(after(new Entry.Began("Retire"), new Entry.StageEntered(Stage.FINISHED))));
    }

    private static Folded after(Entry... entries) {
        var profile = new Profile("p", "h", 5432, "d", "u", TlsMode.PREFER, "", Environment.TEST);
        Folded folded = Fold.begin(Plan.of(new MigrationId("0000000a"), profile, profile));
        for (Entry entry : entries) {
            folded = Fold.next(folded, new Line(1, Instant.EPOCH, "x", entry));
        }
        return folded;
    }
}
