package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Credentials;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.RowDifference;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A comparison while writes go on, by users who may read everything and hold nothing.
class FencedComparisonTest {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final String PASSWORD = "only.for.tests";

    /// One may not read the slot, the other is not the subscription's owner and does not see how far it has applied.
    @ParameterizedTest
    @CsvSource({"15, 18, SOURCE, replication slots", "15, 17, TARGET, must be owner of subscription"})
    void underHeavyWritingNothingEqualIsCalledDifferentAndWhatIsPlantedIsFound(
            String from, String to, Side limited, String refusal) throws Exception {
        try (var pair = StreamedPair.between(from, to);
                var reader = Reader.of(pair, limited)) {
            pair.writeHeavily(4);
            var step = new VerifyStep(Side.SOURCE);
            for (int run = 1; run <= 3; run++) {
                pair.busiestRow(run == 3);
                VerifyReport report = verify(reader, step);

                assertEquals(0, report.differences(), () -> "false alarm: " + report.tables());
                assertTrue(report.passed(), () -> "not passed: " + report.tables());
                assertTrue(report.rows() > 25_000, "all tables have been read");
                assertTrue(report.method().contains("behind"), report::method);
                assertTrue(report.method().contains(refusal), report::method);
                assertEquals(Duration.ZERO, report.applyPaused());
            }
            pair.onFollower("""
                    update public.quiet set v = 'other' where id = 1;
                    delete from public.quiet where id = 2;
                    insert into public.quiet values (9001, 'extra');
                    update public.quiet set f = '-0' where id = 3;
                    update public.account set note = 'not the source''s' where id % 4000 = 7;
                    insert into public.journal values ('2020-01-01', 'doubled', 1), ('2020-01-01', 'doubled', 1)
                    """);
            pair.onOwner("insert into public.journal values ('2020-01-01', 'doubled', 1)");

            VerifyReport report = verify(reader, step);

            assertEquals(
                    Set.of("public.quiet", "public.account", "public.journal"),
                    report.tables().stream()
                            .filter(t -> t.verdict() == Verdict.DIFFERENT)
                            .map(t -> t.table().display())
                            .collect(Collectors.toSet()),
                    () -> report.tables().toString());
            assertEquals(Set.of("1 CHANGED", "2 MISSING", "9001 EXTRA", "3 CHANGED"), found(report, "quiet"));
            assertEquals(2, table(report, "journal").differences());
            assertTrue(
                    Set.of("7 CHANGED", "4007 CHANGED", "8007 CHANGED", "12007 CHANGED", "16007 CHANGED")
                            .containsAll(found(report, "account")),
                    () -> found(report, "account").toString());
            pair.fence();
        }
    }

    /// A row that is never there when one looks has no version that could tell that it was changed.
    @Test
    void aRowThatComesAndGoesAllTheTimeIsNoDifference() throws Exception {
        try (var pair = StreamedPair.between("15", "18");
                var reader = Reader.of(pair, Side.SOURCE)) {
            var writing = new AtomicBoolean(true);
            var thread = pair.context().threads().single("coming and going");
            Future<?> writer = thread.submit(() -> {
                while (writing.get()) {
                    pair.onOwner("insert into public.scratch select i, 'x' from generate_series(1, 20) i;"
                            + " delete from public.scratch");
                    pair.onOwner("insert into public.scratch select i, 'x' from generate_series(1, 20) i");
                    pair.onOwner("delete from public.scratch");
                }
                return true;
            });
            try {
                for (int run = 1; run <= 5; run++) {
                    VerifyReport report = verify(reader, new VerifyStep(Side.SOURCE));
                    assertEquals(0, report.differences(), () -> "false alarm: " + report.tables());
                    assertTrue(report.passed(), () -> report.tables().toString());
                }
            } finally {
                writing.set(false);
                writer.get();
                thread.shutdown();
            }
        }
    }

    /// More differs than is looked at one by one: that does not make it equal, nor a matter of the write pause only.
    @Test
    void aTableThatDiffersAlmostEverywhereIsDifferent() throws Exception {
        try (var pair = StreamedPair.between("15", "18");
                var reader = Reader.of(pair, Side.SOURCE)) {
            pair.onFollower("insert into public.scratch select i, 'never sent' from generate_series(1, 30000) i");

            VerifyReport report = verify(reader, new VerifyStep(Side.SOURCE));

            var scratch = table(report, "scratch");
            assertEquals(Verdict.DIFFERENT, scratch.verdict());
            assertEquals(30_000, scratch.differences() + scratch.unsettled());
            assertTrue(scratch.differences() >= 20_000, scratch::toString);
            assertTrue(scratch.note().contains("10000 more rows differed"), scratch::note);
        }
    }

    private static VerifyReport verify(Reader reader, VerifyStep step) {
        return assertTimeoutPreemptively(BOUND, () -> {
            var outcome = step.run(reader.context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            return reader.context.verifications().getLast();
        });
    }

    private static io.handover.model.TableVerdict table(VerifyReport report, String name) {
        return report.tables().stream()
                .filter(t -> t.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> found(VerifyReport report, String table) {
        var found = new TreeSet<String>();
        for (RowDifference d : table(report, table).first()) {
            found.add(d.key() + " " + d.kind());
        }
        return found;
    }

    /// A user who may read all rows of one side, and the same migration with this user.
    private record Reader(TestContext context, StreamedPair pair, Side side, String role) implements AutoCloseable {

        static Reader of(StreamedPair pair, Side side) throws Exception {
            Plan plan = pair.context().plan();
            String role = "reader_" + plan.profile(side).database();
            run(pair, side, "create role " + role + " login password '" + PASSWORD + "' in role pg_read_all_data");
            Credentials all = new Credentials(
                    pair.context().server(Side.SOURCE).endpoint().password(),
                    pair.context().server(Side.TARGET).endpoint().password());
            Secret own = Secret.of(PASSWORD);
            var context = TestContext.of(
                    plan.between(
                            side == Side.SOURCE ? as(role, plan.source()) : plan.source(),
                            side == Side.TARGET ? as(role, plan.target()) : plan.target()),
                    side == Side.SOURCE ? new Credentials(own, all.target()) : new Credentials(all.source(), own));
            return new Reader(context, pair, side, role);
        }

        private static Profile as(String role, Profile profile) {
            return new Profile(
                    profile.name(),
                    profile.host(),
                    profile.port(),
                    profile.database(),
                    role,
                    profile.tls(),
                    profile.rootCertificate(),
                    profile.environment());
        }

        private static void run(StreamedPair pair, Side side, String sql) throws SQLException {
            if (side == Side.SOURCE) {
                pair.onOwner(sql);
            } else {
                pair.onFollower(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            context.close();
            run(pair, side, "drop role " + role);
        }
    }
}
