package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference;
import io.handover.model.RowDifference.ColumnDifference;
import io.handover.model.RowDifference.Kind;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyStepTest {

    /// For one comparison, whatever is being written meanwhile.
    private static final Duration BOUND = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"15, 18, 6", "13, 17, 2"})
    void underHeavyWritingNothingEqualIsCalledDifferent(String from, String to, int runs) throws Exception {
        try (var pair = StreamedPair.between(from, to)) {
            pair.writeHeavily(4);
            var step = new VerifyStep(Side.SOURCE);
            for (int run = 1; run <= runs; run++) {
                // What a hold makes the owner decode again begins where it last noted the running transactions: every
                // 15 s
                // by itself, for which these runs are too short.
                pair.onOwner("checkpoint");
                pair.busiestRow(run == runs); // every round of the last comparison finds it being written
                VerifyReport report = assertTimeoutPreemptively(BOUND, () -> verify(pair, step));

                assertEquals(0, report.differences(), () -> "false alarm: " + differing(report));
                assertTrue(report.passed(), () -> "not passed: " + report.tables());
                assertEquals(List.of(), report.schema());
                assertTrue(report.rows() > 25_000, "all tables have been read");
                assertTrue(report.applyPaused().toMillis() > 0);
                pair.fence();
            }
            pair.quiet();
            pair.fence();

            assertSettles(pair, step);
            assertTrue(VerifyStep.frozen(pair.context(), Side.SOURCE).proved());
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void everyPlantedDifferenceIsFoundAndNothingElse(String from, String to) throws Exception {
        try (var pair = StreamedPair.between(from, to)) {
            pair.onOwner(
                    "insert into public.quiet values (3001, E'a\\x1fb', 'c', 0, null), (3002, '', 'x ', 1, now())");
            pair.fence();
            pair.onFollower("""
                    update public.quiet set v = 'other' where id = 1;
                    delete from public.quiet where id = 2;
                    insert into public.quiet values (9001, 'extra');
                    update public.quiet set w = '' where id = 3;
                    update public.quiet set v = v || ' ' where id = 4;
                    update public.quiet set f = '-0' where id = 3001;
                    update public.quiet set v = 'a', w = E'b\\x1fc' where id = 3001;
                    update public.quiet set at = at + interval '1 microsecond' where id = 5;
                    insert into public.journal values ('2020-01-01', 'doubled', 1), ('2020-01-01', 'doubled', 1);
                    insert into "Odd ""schema"."sel'ect, ""x"" ☃" values (E'p\\x1f{x} ?', 1, 'z');
                    """);
            pair.onOwner("insert into public.journal values ('2020-01-01', 'doubled', 1)");
            pair.write(3);

            VerifyReport report = verify(pair, new VerifyStep(Side.SOURCE));

            assertEquals(
                    Set.of("public.quiet", "public.journal", "Odd \"schema.sel'ect, \"x\" ☃"),
                    report.tables().stream()
                            .filter(t -> t.verdict() == Verdict.DIFFERENT)
                            .map(t -> t.table().display())
                            .collect(java.util.stream.Collectors.toSet()));
            assertEquals(
                    new TreeSet<>(List.of(
                            "1 CHANGED [v]",
                            "2 MISSING []",
                            "9001 EXTRA []",
                            "3 CHANGED [w]",
                            "4 CHANGED [v]",
                            "3001 CHANGED [v, w, f]",
                            "5 CHANGED [at]")),
                    found(table(report, "quiet")));
            assertEquals(7, table(report, "quiet").differences());
            assertEquals(
                    new ColumnDifference("w", "␀", ""),
                    difference(report, "quiet", "3").columns().getFirst());
            assertEquals(Set.of("p\u001f{x} ? EXTRA []"), found(table(report, "sel'ect, \"x\" ☃")));
            var doubled = difference(report, "journal", "2020-01-01 00:00:00+00, doubled, 1");
            assertEquals(Kind.EXTRA, doubled.kind());
            assertEquals(2, table(report, "journal").differences());
            pair.fence();
        }
    }

    @Test
    void theOtherDirectionNeedsNoStage() throws Exception {
        try (var pair = StreamedPair.open(
                TestContext.between(io.handover.testkit.PgServer.major("15"), io.handover.testkit.PgServer.major("17")),
                Side.TARGET)) {
            pair.onFollower("update public.quiet set v = 'source has this' where id = 7");
            pair.write(2);

            VerifyReport report = verify(pair, new VerifyStep(Side.TARGET));

            assertEquals(List.of(), pair.context().stages());
            assertEquals(
                    List.of(new ColumnDifference("v", "source has this", "v7")),
                    difference(report, "quiet", "7").columns());
            pair.fence();
        }
    }

    @Test
    void whatIsNotComparedIsSaidLoudly() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            pair.onOwner("""
                    create unlogged table public.cache (id int);
                    create materialized view public.mv as select 1 as a;
                    create table public.fresh (id int primary key);
                    create table public.lonely (id int primary key);
                    create sequence public.s;
                    select nextval('public.s');
                    select lo_from_bytea(0, 'x');
                    """);
            pair.onFollower("""
                    create table public.fresh (id int primary key);
                    create sequence public.s;
                    """);

            VerifyReport report = verify(pair, new VerifyStep(Side.SOURCE));

            assertEquals(Verdict.NOT_COMPARED, table(report, "fresh").verdict());
            assertTrue(table(report, "fresh").note().contains("not in the subscription"));
            assertEquals(Verdict.NOT_COMPARED, table(report, "lonely").verdict());
            assertEquals(false, report.passed());
            String left = String.join("\n", report.notCompared());
            for (String said : List.of(
                    "public.cache is unlogged",
                    "public.mv is a materialized view",
                    "1 sequences",
                    "public.s stands at 1 on the owner, at 1 (not given yet) on the follower",
                    "Large objects are not streamed")) {
                assertTrue(left.contains(said), () -> said + " is missing in:\n" + left);
            }
        }
    }

    private static void assertSettles(StreamedPair pair, VerifyStep step) throws Exception {
        try (var owner = pair.context().server(Side.SOURCE).open("test");
                var follower = pair.context().server(Side.TARGET).open("test")) {
            var verdicts = VerifyStep.settle(
                    owner, follower, step.unsettled(), pair.context().threads());
            assertEquals(step.unsettled().tables().size(), verdicts.size());
            assertTrue(verdicts.stream().allMatch(v -> v.verdict() == Verdict.EQUAL), () -> "not settled: " + verdicts);
        }
    }

    private static VerifyReport verify(StreamedPair pair, VerifyStep step) throws Exception {
        int stages = pair.context().stages().size();
        var outcome = step.run(pair.context());
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
        var entered = pair.context().stages();
        if (!entered.isEmpty()) {
            assertEquals(List.of(Stage.VERIFYING, Stage.STREAMING), entered.subList(stages, entered.size()));
        }
        var report = pair.context().verifications().getLast();
        assertTrue(report.finished());
        return report;
    }

    private static TableVerdict table(VerifyReport report, String name) {
        return report.tables().stream()
                .filter(t -> t.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static RowDifference difference(VerifyReport report, String table, String key) {
        return table(report, table).first().stream()
                .filter(d -> d.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " not found in " + table(report, table)));
    }

    private static Set<String> found(TableVerdict table) {
        var found = new TreeSet<String>();
        for (RowDifference d : table.first()) {
            found.add(d.key() + " " + d.kind() + " "
                    + d.columns().stream().map(ColumnDifference::column).toList());
        }
        return found;
    }

    private static List<TableVerdict> differing(VerifyReport report) {
        return report.tables().stream()
                .filter(t -> t.verdict() == Verdict.DIFFERENT)
                .toList();
    }
}
