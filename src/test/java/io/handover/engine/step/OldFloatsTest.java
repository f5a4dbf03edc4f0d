package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Floating-point numbers of a server before 12, which writes them with other digits than later ones: in values, in
/// keys, in what is made of them, and while they are being written.
class OldFloatsTest {

    private static final String MADE = """
            create type public.span as range (subtype = float8);
            create domain public.spot as point;
            create table public.value (id int primary key, f4 real, f8 float8, p point, b box, s public.spot,
                a float8[], aa real[][], pp point[], r public.span, g polygon, c circle);
            create table public.keyed (k float8 primary key, v int);
            create table public.real (k real, i int, v int, primary key (k, i));
            create table public.keyless (at float8, way real[], v int);
            alter table public.keyless replica identity full;
            """;

    private static final String FILLED = """
            insert into public.value select i, i / 7.0, i / 3.0 * 1e100, point(i / 3.0, -i / 7.0),
                   box(point(i / 3.0, 0.1), point(0.3, 1e-300)), point(0.1 * i, 1 / 3.0), array[0.1, i / 3.0, 'NaN', null],
                   array[array[0.1, i / 9.0]], array[point(0.1, i / 3.0)], public.span(0.1 * i, i / 3.0 + i),
                   polygon(box(point(0, 0), point(i / 3.0, 0.1))), circle(point(0.1, 0.2), i / 3.0)
              from generate_series(1, 300) i;
            insert into public.keyed select k / 3.0::float8, k from generate_series(-100, 300) k;
            insert into public.keyed values ('NaN', -1), ('Infinity', -1), ('-Infinity', -1), (1e300, -1), (1e-300, -1),
                   (123456789012345.6, -1), (1e15, -1), (0.1::real, -1);
            insert into public.real select k / 3.0::real, k, k from generate_series(-100, 300) k;
            insert into public.keyless select i % 50 / 3.0, array[i % 50 / 7.0, 0.1], i from generate_series(1, 300) i;
            """;

    @Test
    void areEqualWhereTheyAreAndDifferByTheirLastBit() throws Exception {
        try (var pair = StreamedPair.between("11", "18")) {
            String name = SqlNames.quoted(pair.name());
            pair.onOwner(MADE + "alter publication " + name
                    + " add table public.value, public.keyed, public.real, public.keyless");
            pair.onFollower(MADE);
            pair.onFollower("alter subscription " + name + " refresh publication with (copy_data = false)");
            pair.onOwner(FILLED);
            pair.fence();
            assertTrue(VerifyStep.frozen(pair.context(), Side.SOURCE).proved(), "nobody has written past the stream");

            VerifyReport busy = whileWritten(pair);
            assertEquals(Map.of(), differences(busy), busy::toString);

            for (String damage : List.of(
                    "update public.value set f8 = $ where id = 1",
                    "update public.value set p = point($, 0) where id = 2",
                    "update public.value set a = array[$] where id = 3",
                    "update public.value set r = '[$,1)' where id = 4",
                    "update public.value set s = '($,1)' where id = 5",
                    "update public.keyed set k = $ where v = 50",
                    "update public.real set v = case when $ > 0.3 then 1000 else 1001 end where i = 1",
                    "update public.keyless set at = $ where v % 1000 = 7")) {
                pair.onOwner(damage.replace("$", "0.3"));
                pair.fence();
                pair.onFollower(damage.replace("$", "0.30000000000000004"));
            }
            VerifyReport damaged = verify(pair);
            assertEquals(Map.of("value", 5L, "keyed", 1L, "real", 1L, "keyless", 1L), differences(damaged));
        }
    }

    /// Updates that find their rows by the numbers, and change them back and forth, while both sides are compared.
    private static VerifyReport whileWritten(StreamedPair pair) throws Exception {
        var stop = new AtomicBoolean();
        var broken = new AtomicReference<Throwable>();
        Thread writer = new NamedThreads(broken::set).start("floats", () -> {
            for (int n = 0; !stop.get(); n++) {
                try {
                    pair.onOwner(
                            "update public.value set f8 = f8 / 3, p = point(f8, 0.1), a = array[f8] where id % 10 = "
                                    + n % 10 + "; update public.keyed set k = k + 1000.1 where v % 10 = " + n % 10
                                    + "; update public.real set k = k / 3 where v % 10 = " + n % 10
                                    + "; update public.keyless set at = at / 3, v = v + 1000 where v % 50 = " + n % 50);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try {
            return verify(pair);
        } finally {
            stop.set(true);
            writer.join();
            assertNull(broken.get());
        }
    }

    private static VerifyReport verify(StreamedPair pair) throws Exception {
        assertInstanceOf(StepOutcome.Done.class, new VerifyStep(Side.SOURCE).run(pair.context()));
        return pair.context().verifications().getLast();
    }

    private static Map<String, Long> differences(VerifyReport report) {
        var found = new TreeMap<String, Long>();
        for (TableVerdict table : report.tables()) {
            if (table.verdict() == TableVerdict.Verdict.DIFFERENT) {
                found.put(table.table().name(), table.differences());
            }
        }
        return found;
    }
}
