package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.ReadLimit;
import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.TableProof;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import io.handover.testkit.Eventually;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A comparison that reads only what was changed since it was proved, by whomever and wherever.
class OnlyChangedTest {

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void whatWasChangedIsReadAndNothingElse(String from, String to) throws Exception {
        try (var pair = StreamedPair.between(from, to)) {
            VerifyReport all = verify(pair.context(), false);
            assertTrue(all.proved(), all::toString);
            assertEquals(Set.of(), unread(all));

            pair.onOwner("update public.account set balance = balance + 1 where id = 17");
            pair.onFollower("update public.quiet set v = 'nobody sent this' where id = 1");
            pair.onFollower("delete from public.journal where ctid = '(0,1)'");
            pair.onFollower("insert into public.scratch values (1, 'extra')");
            VerifyReport report = verify(pair.context(), true);

            assertEquals(
                    Set.of("quiet", "journal", "scratch"),
                    names(report, t -> t.verdict() == Verdict.DIFFERENT),
                    report::toString);
            assertEquals(Set.of("event_1", "event_2", "by_index", "fence", "sel'ect, \"x\" ☃"), unread(report));
            assertEquals(Verdict.EQUAL, table(report, "account").verdict());
            TableProof proof = table(report, "event_1").proof().orElseThrow();
            assertEquals(report.ownerLsn(), proof.at(), "no row was changed until then");
            assertEquals(table(all, "event_1").proof().orElseThrow().readAt(), proof.readAt());
            assertEquals(
                    table(all, "event_1").sourceRows(), table(report, "event_1").sourceRows());
            assertTrue(report.method().contains("5 tables were not read again"), report::method);

            // What was found different is read again, however long ago it was changed.
            assertEquals(
                    Set.of("quiet", "journal", "scratch"),
                    names(verify(pair.context(), true), t -> t.verdict() == Verdict.DIFFERENT));
        }
    }

    @Test
    void underHeavyWritingNothingIsMissedAndNothingEqualIsCalledDifferent() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            pair.onOwner("insert into public.account values (30001, 0)"); // the application knows 20,000 only
            pair.fence();
            verify(pair.context(), false);
            pair.writeHeavily(4);
            for (int run = 1; run <= 3; run++) {
                VerifyReport report = verify(pair.context(), true);
                assertTrue(report.passed(), report::toString);
                assertTrue(unread(report).contains("quiet"), report::toString);
            }
            pair.onFollower("update public.quiet set v = 'other' where id = 1");
            pair.onFollower("delete from public.account where id = 30001");

            VerifyReport report = verify(pair.context(), true);

            assertEquals(
                    Set.of("quiet", "account"),
                    names(report, t -> t.verdict() == Verdict.DIFFERENT),
                    () -> table(report, "account").toString());
            assertEquals(
                    Set.of("30001 MISSING"),
                    table(report, "account").first().stream()
                            .map(OnlyChangedTest::words)
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void aComparisonThatWasStoppedGoesOnWhereItWas() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            // 20 MB that cannot be compressed
            pair.onOwner("update public.quiet set w ="
                    + " (select string_agg(md5(id::text || g), '') from generate_series(1, 300) g)");
            pair.fence();
            TestContext slow = pair.context()
                    .again(pair.context().plan().with(new ReadLimit(1)).withWorkers(2));
            var step = new FutureTask<>(() -> new VerifyStep(Side.SOURCE).run(slow));
            slow.threads().start("comparison", step);
            Eventually.await(
                    Duration.ofSeconds(60),
                    "something is proved while the largest is being read",
                    () -> slow.verifications().stream()
                            .anyMatch(r ->
                                    !names(r, t -> t.verdict() == Verdict.EQUAL).isEmpty()));
            slow.gate().stop();
            assertInstanceOf(StepOutcome.Stopped.class, step.get(30, TimeUnit.SECONDS));
            VerifyReport broken = slow.verifications().getLast();
            Set<String> proved = names(broken, t -> t.verdict() == Verdict.EQUAL);
            assertTrue(!proved.isEmpty(), broken::toString);
            assertEquals(Verdict.NOT_COMPARED, table(broken, "quiet").verdict());
            slow.close();

            TestContext next = slow.again(pair.context().plan());
            VerifyReport report = verify(next, true);

            assertTrue(report.proved(), report::toString);
            assertEquals(proved, unread(report), "the rest was read");
            next.close();
        }
    }

    /// The journal knows what is proved while the comparison still runs: an app that is killed says no more.
    @Test
    void whatIsProvedIsNotedBeforeTheEnd() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            VerifyReport report = verify(pair.context(), false);

            Set<String> noted = pair.context().lines().stream()
                    .filter(TestContext.Line.Proved.class::isInstance)
                    .flatMap(line -> ((TestContext.Line.Proved) line).tables().stream())
                    .map(t -> t.table().name())
                    .collect(Collectors.toSet());
            assertEquals(names(report, _ -> true), noted);
        }
    }

    private static VerifyReport verify(TestContext context, boolean onlyChanged) throws Exception {
        var outcome = new VerifyStep(Side.SOURCE, onlyChanged).run(context);
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
        return context.verifications().getLast();
    }

    private static String words(RowDifference difference) {
        return difference.key() + " " + difference.kind();
    }

    private static Set<String> unread(VerifyReport report) {
        return names(
                report,
                t -> t.verdict() == Verdict.EQUAL && t.proof().orElseThrow().unread());
    }

    private static Set<String> names(VerifyReport report, java.util.function.Predicate<TableVerdict> which) {
        return report.tables().stream().filter(which).map(t -> t.table().name()).collect(Collectors.toSet());
    }

    private static TableVerdict table(VerifyReport report, String name) {
        return report.tables().stream()
                .filter(t -> t.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
