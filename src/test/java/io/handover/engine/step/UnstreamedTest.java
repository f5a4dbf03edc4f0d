package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What no stream carries is compared too, row by row and object by object, and told.
class UnstreamedTest {

    private static final String VIEWS = """
            create table public.base (id int primary key, v text);
            insert into public.base select i, 'v' || i % 7 from generate_series(1, 100) i;
            create materialized view public."vi'ew ☃" as select v, count(*) as n from public.base group by v;
            create materialized view public.doubles as select v from public.base;
            create materialized view public.unfilled as select 1 as one with no data;
            """;

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void materializedViewsAreComparedByTheirRows(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            run(with, Side.SOURCE, VIEWS + "create materialized view public.lonely as select 1 as a");
            run(with, Side.TARGET, VIEWS);

            var equal = VerifyStep.frozen(with, Side.SOURCE);
            assertTrue(equal.proved(), () -> "not proved: " + equal.tables());
            assertEquals("all its 7 rows are equal", now(equal.notCompared(), "vi'ew ☃"));
            assertEquals("all its 100 rows are equal", now(equal.notCompared(), "doubles"));
            assertEquals("the follower has none", now(equal.notCompared(), "lonely"));
            String unfilled = now(equal.notCompared(), "unfilled");
            assertTrue(unfilled.startsWith("it was not compared: ") && unfilled.contains("populated"), unfilled);

            run(with, Side.TARGET, """
                    begin;
                    update public.base set v = 'v0' where id = 1;
                    refresh materialized view public."vi'ew ☃";
                    refresh materialized view public.doubles;
                    update public.base set v = 'v1' where id = 1;
                    commit
                    """);
            var report = VerifyStep.frozen(with, Side.SOURCE);
            assertTrue(report.proved(), "a view is not the cutover's obstacle: it is filled again there");
            assertEquals(
                    "4 rows differ, of 7 on the source and 7 on the target",
                    now(report.notCompared(), "vi'ew ☃").split(":", 2)[0]);
            String doubles = now(report.notCompared(), "doubles");
            assertTrue(doubles.startsWith("2 rows differ, of 100 on the source and 100 on the target: "), doubles);
            assertTrue(doubles.contains("extra (v0)") && doubles.contains("missing (v1)"), doubles);
        }
    }

    @Test
    void viewsAreReadWhileWritesGoOn() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            pair.onOwner("create materialized view public.mv as select id, v from public.quiet");
            pair.onFollower("create materialized view public.mv as select id, v from public.quiet where id <> 3");
            pair.write(2);

            new VerifyStep(Side.SOURCE).run(pair.context());

            var report = pair.context().verifications().getLast();
            assertTrue(report.passed(), () -> "not passed: " + report.tables());
            assertEquals(
                    "1 row differs, of 2000 on the source and 1999 on the target: missing (3, v3)",
                    now(report.notCompared(), "mv"));
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void largeObjectsAreNamed(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            String objects = "select lo_from_bytea(100000 + i, convert_to(repeat('large ' || i, i % 50 + 1), 'UTF8'))"
                    + " from generate_series(1, 6000) i;";
            run(with, Side.SOURCE, objects + """
                    select lo_create(200000);
                    select lo_put(200000, 5000, 'after a hole');
                    """);
            run(with, Side.TARGET, objects + """
                    select lo_from_bytea(200000, decode(repeat('00', 5000), 'hex'));
                    select lo_put(200000, 5000, 'after a hole');
                    """);
            assertEquals("all 6001 are equal", largeObjects(with), "a hole reads as zeros");

            run(with, Side.TARGET, """
                    select lo_unlink(100005);
                    select lo_put(100949, 100, 'changed');
                    select lo_put(105500, 0, 'L');
                    select lo_from_bytea(300000, 'extra');
                    select lo_truncate(lo_open(106000, 131072), 3);
                    """);
            assertEquals(
                    "5 differ, of 6001 on the owner and 6001 on the follower: 100005 is missing on the follower;"
                            + " 100949 has another content on the follower; 105500 has another content on the follower;"
                            + " 106000 has 10 bytes on the owner, 3 on the follower;"
                            + " 300000 is on the follower only",
                    largeObjects(with));

            run(with, Side.TARGET, "select lo_unlink(oid) from pg_largeobject_metadata where oid <= 100100");
            String many = largeObjects(with);
            assertTrue(many.startsWith("104 differ, of 6001 on the owner and 5902 on the follower: 100001 is"), many);
            assertTrue(many.endsWith("100010 is missing on the follower; and 94 more"), many);
        }
    }

    private static String largeObjects(TestContext with) throws Exception {
        String begin = "Large objects are not streamed: they are copied again at the cutover. Now ";
        return VerifyStep.frozen(with, Side.SOURCE).notCompared().stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length(), line.length() - 1))
                .findFirst()
                .orElseThrow();
    }

    /// How a view stands.
    private static String now(List<String> lines, String view) {
        String begin = "public." + view + " is a materialized view: filled again at the cutover. Now ";
        return lines.stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length(), line.length() - 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(view + " is missing in " + lines));
    }

    private static void run(TestContext with, Side side, String sql) throws SQLException {
        try (var session = with.server(side).open("test");
                var statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
