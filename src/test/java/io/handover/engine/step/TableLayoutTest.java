package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import io.handover.pg.SqlNames;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables that are partitioned on one side only, or otherwise than on the other: what they hold is compared.
class TableLayoutTest {

    private static final String SOURCE = """
            create table public."o'ne ☃" (id int primary key, v text);
            create table public.many (id int primary key, v text) partition by range (id);
            create table public.many_low partition of public.many for values from (minvalue) to (500);
            create table public.many_high partition of public.many for values from (500) to (maxvalue)
                partition by range (id);
            create table public.many_high_a partition of public.many_high for values from (500) to (700);
            create table public.many_high_b partition of public.many_high for values from (700) to (maxvalue);
            create table public.other (id int primary key, v text) partition by range (id);
            create table public.other_a partition of public.other for values from (minvalue) to (maxvalue);
            create table public.keyless (id int, v text);
            create table public.same (id int primary key, v text) partition by range (id);
            create table public.same_a partition of public.same for values from (minvalue) to (maxvalue);
            create table public.parent (id int primary key, v text);
            create table public.heir () inherits (public.parent);
            """;

    private static final String TARGET = """
            create table public."o'ne ☃" (v text, id int primary key) partition by hash (id);
            create table public.one_0 partition of public."o'ne ☃" for values with (modulus 2, remainder 0);
            create table public.one_1 partition of public."o'ne ☃" for values with (modulus 2, remainder 1);
            create table public.many (id int primary key, v text);
            create table public.other (id int primary key, v text) partition by range (id);
            create table public.other_x partition of public.other for values from (minvalue) to (300);
            create table public.other_y partition of public.other for values from (300) to (maxvalue);
            create table public.keyless (id int, v text) partition by list (id);
            create table public.keyless_all partition of public.keyless default;
            create table public.same (id int primary key, v text) partition by range (id);
            create table public.same_a partition of public.same for values from (minvalue) to (maxvalue);
            create table public.parent (id int primary key, v text) partition by range (id);
            create table public.parent_all partition of public.parent for values from (minvalue) to (maxvalue);
            create table public.heir (id int, v text);
            """;

    private static final String ROWS = """
            insert into public."o'ne ☃" (id, v) select i, 'v' || i from generate_series(1, 1000) i;
            insert into public.many select i, 'v' || i from generate_series(1, 1000) i;
            insert into public.other select i, 'v' || i from generate_series(1, 1000) i;
            insert into public.keyless select i % 10, 'v' || i % 10 from generate_series(1, 1000) i;
            insert into public.same select i, 'v' || i from generate_series(1, 1000) i;
            insert into public.parent select i, 'v' || i from generate_series(1, 1000) i
            """;

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void theLayoutIsNoDifferenceAndHidesNone(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            run(with, Side.SOURCE, SOURCE + ROWS);
            run(with, Side.TARGET, TARGET + ROWS);

            VerifyReport equal = VerifyStep.frozen(with, Side.SOURCE);

            assertEquals(
                    Map.of(
                            "public.o'ne ☃", "EQUAL 1000 1000",
                            "public.many", "EQUAL 1000 1000",
                            "public.other", "EQUAL 1000 1000",
                            "public.keyless", "EQUAL 1000 1000",
                            "public.same_a", "EQUAL 1000 1000",
                            "public.heir", "EQUAL 0 0",
                            "public.parent", "NOT_COMPARED -1 -1"),
                    verdicts(equal));

            run(with, Side.TARGET, """
                    update public."o'ne ☃" set v = 'x' where id = 7;
                    delete from public."o'ne ☃" where id = 8;
                    insert into public.many values (5000, 'extra');
                    delete from public.many where id = 650;
                    update public.other set v = v || ' ' where id = 299;
                    insert into public.keyless values (3, 'v3');
                    """);

            VerifyReport found = VerifyStep.frozen(with, Side.SOURCE);

            assertEquals(List.of("7 CHANGED", "8 MISSING"), differences(found, "public.o'ne ☃"));
            assertEquals(List.of("5000 EXTRA", "650 MISSING"), differences(found, "public.many"));
            assertEquals(List.of("299 CHANGED"), differences(found, "public.other"));
            assertEquals(List.of("3, v3 EXTRA"), differences(found, "public.keyless"));
            assertEquals(List.of(), differences(found, "public.same_a"));
        }
    }

    @Test
    void whileWritesGoOnToo() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            String name = SqlNames.quoted(pair.name());
            pair.onOwner("""
                    create table public.one (id int primary key, v text);
                    create table public.many (id int primary key, v text) partition by range (id);
                    create table public.many_a partition of public.many for values from (minvalue) to (500);
                    create table public.many_b partition of public.many for values from (500) to (maxvalue);
                    alter publication %1$s add table public.one, public.many;
                    alter publication %1$s set (publish_via_partition_root = true)
                    """.formatted(name));
            pair.onFollower("""
                    create table public.one (id int primary key, v text) partition by range (id);
                    create table public.one_a partition of public.one for values from (minvalue) to (500);
                    create table public.one_b partition of public.one for values from (500) to (maxvalue);
                    create table public.many (id int primary key, v text)
                    """);
            pair.onFollower("alter subscription " + name + " refresh publication with (copy_data = false)");
            for (String table : List.of("one", "many")) {
                pair.onOwner("insert into public." + table + " select i, 'v' || i from generate_series(1, 1000) i");
                pair.onOwner("insert into public." + table + " values (100001, 'left alone')");
            }
            pair.fence();
            var writing = new AtomicBoolean(true);
            var thread = pair.context().threads().single("layout writer");
            Future<?> writer = thread.submit(() -> write(pair, writing));
            try {
                for (int run = 1; run <= 3; run++) {
                    VerifyReport report = verify(pair);
                    assertEquals(0, report.differences(), () -> "false alarm: " + report.tables());
                    assertTrue(report.passed(), () -> "not passed: " + report.tables());
                    assertTrue(verdict(report, "public.one").sourceRows() > 100, "it has been read");
                    assertTrue(verdict(report, "public.many").sourceRows() > 100, "it has been read");
                }
                pair.onFollower("update public.one set v = 'planted' where id = 100001; "
                        + "delete from public.many where id = 100001");
                VerifyReport report = verify(pair);
                assertEquals(List.of("100001 CHANGED"), differences(report, "public.one"));
                assertEquals(List.of("100001 MISSING"), differences(report, "public.many"));
            } finally {
                writing.set(false);
                writer.get();
                thread.shutdown();
            }
        }
    }

    /// Changes values, and keys so that rows move to another partition. The row with 100001 is left alone.
    private static Void write(StreamedPair pair, AtomicBoolean writing) throws SQLException {
        var random = new Random(1);
        try (var session = pair.context().server(Side.SOURCE).open("application");
                var sql = session.jdbc().createStatement()) {
            while (writing.get()) {
                int id = random.nextInt(1000) + 1;
                String table = random.nextBoolean() ? "public.one" : "public.many";
                sql.execute("update " + table + " set v = v || '.' where id = " + id);
                sql.execute("update " + table + " set id = 1001 - id where id = " + id + " and not exists (select from "
                        + table + " where id = 1001 - " + id + ")");
                sql.execute("delete from " + table + " where id = " + (random.nextInt(1000) + 1));
                sql.execute("insert into " + table + " values (" + id + ", 'new') on conflict do nothing");
            }
        }
        return null;
    }

    private static VerifyReport verify(StreamedPair pair) throws Exception {
        var outcome = new VerifyStep(Side.SOURCE).run(pair.context());
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
        return pair.context().verifications().getLast();
    }

    private static Map<String, String> verdicts(VerifyReport report) {
        var verdicts = new TreeMap<String, String>();
        report.tables()
                .forEach(t ->
                        verdicts.put(t.table().display(), t.verdict() + " " + t.sourceRows() + " " + t.targetRows()));
        return verdicts;
    }

    private static TableVerdict verdict(VerifyReport report, String table) {
        return report.tables().stream()
                .filter(t -> t.table().display().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> differences(VerifyReport report, String table) {
        TableVerdict verdict = verdict(report, table);
        List<RowDifference> first = verdict.first();
        assertEquals(verdict.verdict() == Verdict.DIFFERENT, !first.isEmpty());
        assertEquals(verdict.differences(), first.size());
        return first.stream().map(d -> d.key() + " " + d.kind()).sorted().toList();
    }

    private static void run(TestContext with, Side side, String sql) throws SQLException {
        try (var session = with.server(side).open("test");
                var statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
