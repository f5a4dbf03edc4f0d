package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.SqlNames;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows of a table that is partitioned on one side only are repaired in the partitions they belong to.
class RepairLayoutTest {

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void whicheverSideHasThePartitions(String from, String to) throws Exception {
        try (var pair = StreamedPair.between(from, to)) {
            String name = SqlNames.quoted(pair.name());
            pair.onOwner("""
                    create table public."o'ne" (id int, part text, v text, primary key (id, part));
                    create table public.many (id int, part text, v text, primary key (id, part)) partition by list (part);
                    create table public.many_a partition of public.many for values in ('a');
                    create table public.many_b partition of public.many for values in ('b', 'it''s');
                    alter publication %1$s add table public."o'ne", public.many;
                    alter publication %1$s set (publish_via_partition_root = true)
                    """.formatted(name));
            pair.onFollower("""
                    create table public."o'ne" (v text, id int, part text, primary key (id, part)) partition by list (part);
                    create table public.one_a partition of public."o'ne" for values in ('a');
                    create table public.one_b partition of public."o'ne" for values in ('b', 'it''s');
                    create table public.many (id int, part text, v text, primary key (id, part))
                    """);
            pair.onFollower("alter subscription " + name + " refresh publication with (copy_data = false)");
            for (String table : List.of("public.\"o'ne\"", "public.many")) {
                pair.onOwner("insert into " + table + " (id, part, v) select i, p, 'v' || i"
                        + " from generate_series(1, 200) i, unnest(array['a', 'b', 'it''s']) p");
            }
            pair.fence();
            for (String table : List.of("public.\"o'ne\"", "public.many")) {
                pair.onFollower("update " + table + " set v = 'other' where id = 1 and part = 'a'");
                pair.onFollower("update " + table + " set v = null where id = 1 and part = 'it''s'");
                pair.onFollower("delete from " + table + " where id = 2 and part = 'b'");
                pair.onFollower("insert into " + table + " (id, part, v) values (900, 'a', 'extra')");
                // the same number in another partition: a row too many there, and one missing here
                pair.onFollower("update " + table + " set part = 'b', id = 1003 where id = 3 and part = 'a'");
            }
            VerifyReport before = verify(pair);
            var planted = Set.of(
                    "1, a CHANGED", "1, it's CHANGED", "2, b MISSING", "3, a MISSING", "900, a EXTRA", "1003, b EXTRA");
            assertEquals(new TreeSet<>(planted), found(before, "o'ne"));
            assertEquals(new TreeSet<>(planted), found(before, "many"));

            repair(pair, before, "o'ne");
            repair(pair, before, "many");
            pair.onOwner("update public.\"o'ne\" set v = 'and the stream goes on' where id in (1, 2, 3)");
            pair.onOwner("delete from public.many where id in (1, 2, 3)");
            pair.fence();

            VerifyReport after = verify(pair);
            assertEquals(0, after.differences(), () -> table(after, "o'ne") + "\n" + table(after, "many"));
            assertTrue(VerifyStep.frozen(pair.context(), Side.SOURCE).proved());
        }
    }

    private static VerifyReport verify(StreamedPair pair) throws Exception {
        assertInstanceOf(StepOutcome.Done.class, new VerifyStep(Side.SOURCE).run(pair.context()));
        return pair.context().verifications().getLast();
    }

    private static TableVerdict table(VerifyReport report, String name) {
        return report.tables().stream()
                .filter(t -> t.table().equals(new TableRef("public", name)))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> found(VerifyReport report, String name) {
        return table(report, name).first().stream()
                .map(d -> d.key() + " " + d.kind())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void repair(StreamedPair pair, VerifyReport report, String name) throws Exception {
        List<String> keys =
                table(report, name).first().stream().map(RowDifference::id).toList();
        var outcome = new RepairStep(Side.SOURCE, new TableRef("public", name), keys).run(pair.context());
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }
}
