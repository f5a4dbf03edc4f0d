package io.handover.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.RowDifference;
import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.model.SideMark;
import io.handover.model.Stage;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.TimelineEntry;
import io.handover.model.TlsMode;
import io.handover.model.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final TableRef HOSTILE = new TableRef("Weird \"schema\"\n", "täble 🐘 \u2028 select");

    @TempDir
    Path folder;

    private final Plan plan = Plan.of(new MigrationId("0badcafe"), profile("a"), profile("b"))
            .with(new Scope(Set.of("audit"), Set.of(HOSTILE)));

    @Test
    void everyKindOfEntryIsReadAsItWasWritten() throws IOException {
        List<Entry> entries = List.of(
                new Entry.PlanSet(plan),
                new Entry.Began("Start"),
                new Entry.Began("CutOver", "b"),
                override("same-schema"),
                new Entry.OverrideEnded("same-schema", "withdrawn"),
                new Entry.StageEntered(Stage.COPYING),
                new Entry.TableCopied(HOSTILE, 12, 3_000_000_000L),
                new Entry.TablesCopied(List.of(new Entry.TableCopied(HOSTILE, 12, 3_000_000_000L))),
                new Entry.TablesKept(List.of(HOSTILE)),
                new Entry.WavesDivided(List.of(List.of(HOSTILE), List.of(new TableRef("a,b", "c")))),
                new Entry.Intent("create-slot", "x"),
                new Entry.Outcome("create-slot", true, ""),
                new Entry.TablesProved(List.of(equal(HOSTILE, Optional.of(proof(7))))),
                new Entry.Verified(verification()),
                new Entry.Cutover(cutover(CutoverReport.Outcome.UNDONE)),
                new Entry.Failed(problem()),
                new Entry.Trouble(problem()),
                new Entry.Unsure(problem()),
                new Entry.Leftovers(List.of("drop publication \"x\"")),
                new Entry.Note("line\nbreak"));
        try (var journal = open()) {
            for (Entry entry : entries) {
                journal.append(entry);
            }
        }
        try (var journal = open()) {
            assertEquals(entries, journal.lines().stream().map(Line::entry).toList());
            assertEquals(NOW, journal.lines().getFirst().at());
            assertEquals(20, Journal.read(folder).size());
        }
    }

    @Test
    void aTornLastLineIsCutOffAndTheNextOneFollowsTheWholeOnes() throws IOException {
        try (var journal = open()) {
            journal.append(new Entry.PlanSet(plan));
        }
        Files.writeString(folder.resolve(Journal.FILE), "{\"number\":2,\"at\":\"2026-0", StandardOpenOption.APPEND);
        try (var journal = open()) {
            assertEquals(1, journal.lines().size());
            journal.append(new Entry.Note("after"));
        }
        assertEquals(2, Journal.read(folder).size(), "the torn line is gone, the new one is whole");
    }

    @Test
    void aBrokenLineInTheMiddleIsNeverGuessedAway() throws IOException {
        try (var journal = open()) {
            journal.append(new Entry.PlanSet(plan));
            journal.append(new Entry.Note("x"));
        }
        Path file = folder.resolve(Journal.FILE);
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Files.writeString(file, text.replaceFirst("\"plan\"", "\"plum\""));
        assertThrows(JournalDamaged.class, this::open);
    }

    @Test
    void aMissingLineIsNoticed() throws IOException {
        try (var journal = open()) {
            journal.append(new Entry.PlanSet(plan));
            journal.append(new Entry.Note("x"));
            journal.append(new Entry.Note("y"));
        }
        Path file = folder.resolve(Journal.FILE);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThrows(JournalDamaged.class, this::open);
    }

    @Test
    void aSecondHandoverIsKeptOut() throws IOException {
        try (var journal = open()) {
            assertTrue(journal.lines().isEmpty());
            assertThrows(JournalBusy.class, this::open);
        }
        open().close();
    }

    @Test
    void aCutoverThatWasConfirmedMovesTheOwnerAndAnUndoneOneDoesNot() throws IOException {
        var begun = Fold.begin(plan);
        var confirmed = Fold.next(begun, line(new Entry.Cutover(cutover(CutoverReport.Outcome.CONFIRMED))));
        assertEquals(Side.TARGET, confirmed.state().owner());
        var undone = Fold.next(begun, line(new Entry.Cutover(cutover(CutoverReport.Outcome.UNDONE))));
        assertEquals(Side.SOURCE, undone.state().owner());
        assertEquals(Optional.of(problem()), undone.state().problem());
    }

    @Test
    void aProofIsKeptUntilTheTableIsFoundOtherwiseOrCopiedAnew() throws IOException {
        var other = new TableRef("public", "other");
        var proved = new Entry.TablesProved(List.of(equal(HOSTILE, Optional.of(proof(7)))));
        var folded = Fold.next(Fold.begin(plan), line(proved));
        assertEquals(Map.of(HOSTILE, proof(7)), folded.proofs(), "the app may be killed before the comparison ends");

        var broken = Fold.next(folded, line(new Entry.Verified(report(notCompared(HOSTILE)))));
        assertEquals(Map.of(HOSTILE, proof(7)), broken.proofs(), "it was not looked at");
        var again = Fold.next(
                broken,
                line(new Entry.Verified(
                        report(equal(HOSTILE, Optional.of(proof(9))), equal(other, Optional.of(proof(9)))))));
        assertEquals(Map.of(HOSTILE, proof(9), other, proof(9)), again.proofs());

        var different = Fold.next(again, line(new Entry.Verified(verification())));
        assertEquals(Map.of(other, proof(9)), different.proofs());
        assertEquals(
                Map.of(),
                Fold.next(different, line(new Entry.StageEntered(Stage.COPYING)))
                        .proofs());
    }

    @Test
    void aNewSnapshotForgetsWhatAnEarlierOneCopied() {
        var other = new TableRef("public", "other");
        var folded = Fold.begin(plan);
        folded = Fold.next(folded, line(new Entry.StageEntered(Stage.COPYING)));
        folded = Fold.next(
                folded,
                line(new Entry.TablesCopied(
                        List.of(new Entry.TableCopied(HOSTILE, 1, 1), new Entry.TableCopied(other, 1, 1)))));
        assertEquals(Set.of(HOSTILE, other), folded.copied());
        assertEquals(2, folded.state().copiedTables());
        folded = Fold.next(folded, line(new Entry.StageEntered(Stage.COPYING)));
        assertEquals(Set.of(), folded.copied());
        assertEquals(0, folded.state().copiedTables());
        var waves = List.of(List.of(HOSTILE), List.of(new TableRef("a", "b")));
        folded = Fold.next(folded, line(new Entry.WavesDivided(waves)));
        folded = Fold.next(folded, line(new Entry.StageEntered(Stage.COPYING)));
        assertEquals(waves, folded.waves(), "an interruption changes nothing of it");
        folded = Fold.next(folded, line(new Entry.TablesKept(List.of(HOSTILE))));
        assertEquals(Set.of(HOSTILE), folded.copied());
        assertEquals(1, folded.state().copiedTables());
    }

    @Test
    void aFailureRemembersTheStageItBrokeAndAnIntentWithoutOutcomeStaysOpen() {
        var folded = Fold.begin(plan);
        folded = Fold.next(folded, line(new Entry.StageEntered(Stage.INDEXING)));
        folded = Fold.next(folded, line(new Entry.Intent("mark", "epoch 7")));
        folded = Fold.next(folded, line(new Entry.Failed(problem())));
        assertEquals(Stage.FAILED, folded.state().stage());
        assertEquals(Optional.of(Stage.INDEXING), folded.state().failedStage());
        assertEquals("epoch 7", folded.open().get("mark"));
        folded = Fold.next(folded, line(new Entry.Outcome("mark", false, "")));
        assertTrue(folded.open().isEmpty());
    }

    private Journal open() throws IOException {
        return Journal.open(folder, CLOCK, "someone@somewhere");
    }

    private static Line line(Entry entry) {
        return new Line(1, NOW, "someone@somewhere", entry);
    }

    private static Profile profile(String name) {
        return new Profile(name, "::1", 5432, "dätabase \"x\"", "u", TlsMode.VERIFY_FULL, "", Environment.PRODUCTION);
    }

    private static Problem problem() {
        return new Problem("57014", "what", "meaning", "action", "details");
    }

    private static CutoverReport cutover(CutoverReport.Outcome outcome) {
        return new CutoverReport(
                Side.SOURCE,
                NOW,
                Optional.of(NOW),
                Optional.empty(),
                outcome,
                Optional.of(Duration.ofMillis(87)),
                List.of(new TimelineEntry("freeze", -1.5, 2.25, true, "0/1")),
                List.of(),
                outcome == CutoverReport.Outcome.UNDONE ? Optional.of(problem()) : Optional.empty(),
                List.of("note"));
    }

    private static VerifyReport verification() {
        return new VerifyReport(
                NOW,
                Duration.ofSeconds(3),
                true,
                Side.SOURCE,
                "exact",
                Lsn.parse("FFFFFFFF/FFFFFFFE"),
                Duration.ofMillis(200),
                List.of(new TableVerdict(
                        HOSTILE,
                        TableVerdict.Verdict.DIFFERENT,
                        1,
                        2,
                        "1:2",
                        "1:3",
                        1,
                        0,
                        List.of(new RowDifference(
                                "7",
                                RowDifference.Kind.CHANGED,
                                List.of(new RowDifference.ColumnDifference("c", "", "␀")))),
                        "")),
                List.of("audit.log: left out of the scope"));
    }

    private static TableProof proof(long position) {
        return new TableProof(
                new Lsn(position),
                NOW,
                true,
                Optional.of(new SideMark("a1b2", 4_294_967_300L, 12, "12:00ff")),
                Optional.of(new SideMark("c3d4", 731, 12, "12:00ff")));
    }

    private static TableVerdict equal(TableRef table, Optional<TableProof> proof) {
        return new TableVerdict(
                table, TableVerdict.Verdict.EQUAL, 12, 12, "12:00ff", "12:00ff", 0, 0, List.of(), "", proof);
    }

    private static TableVerdict notCompared(TableRef table) {
        return new TableVerdict(
                table, TableVerdict.Verdict.NOT_COMPARED, -1, -1, "", "", 0, 0, List.of(), "It was stopped.");
    }

    private static VerifyReport report(TableVerdict... tables) {
        return new VerifyReport(
                NOW, Duration.ZERO, true, Side.SOURCE, "", new Lsn(1), Duration.ZERO, List.of(tables), List.of());
    }

    private static Entry.GateOverridden override(String gate) {
        return new Entry.GateOverridden(
                Side.SOURCE, gate, "The same schema", "1 index is missing", "slow", "a1b2", "it is made on Monday");
    }
}
