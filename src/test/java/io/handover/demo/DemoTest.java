package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoTest {

    @Test
    void aShopIsOpenOnTheOldServerAndNothingIsOnTheNewOne() throws Exception {
        var told = new ArrayList<String>();
        var options = new Demo.Options(
                new DemoVersions(15, 18), ShopSchema.SMALL, new Workload.Options(2, 50, Duration.ZERO));
        var demo = Demo.start(options, InstantSource.system(), told::add);
        try (demo) {
            Eventually.await(
                    Duration.ofSeconds(60),
                    "the application writes",
                    () -> demo.workload().report().committed() > 10);
            assertEquals(
                    demo.source().profile().address(),
                    demo.url().read().profile().address());
            assertTrue(Files.isDirectory(demo.home()));
            try (var db = Login.open(demo.target(), "test");
                    var sql = db.createStatement();
                    var row = sql.executeQuery("select count(*) from pg_tables where schemaname = 'shop'")) {
                row.next();
                assertEquals(0, row.getInt(1));
            }
            assertFalse(told.isEmpty());
            assertFalse(told.toString().contains(demo.source().password().reveal()));
        }

        assertFalse(Files.exists(demo.url().file().getParent()));
    }

    /// pg_dump, installed servers, then what is chosen.
    @ParameterizedTest
    @CsvSource({
        "15, 13 15 16 17 18, 15, 18",
        "16, 13 15 16 17 18, 16, 18",
        "18, 13 15 16 17 18, 16, 18",
        "14, 13 15 16 17 18, 13, 18",
        "12, 13 15 16 17 18, 13, 18",
        " 0, 13 15 16 17 18, 16, 18",
        "18, 17 18,          17, 18"
    })
    void theSourceIsOneThatPgDumpCanRead(int pgDump, String installed, int source, int target) {
        var found = pgDump == 0 ? OptionalInt.empty() : OptionalInt.of(pgDump);

        assertEquals(new DemoVersions(source, target), DemoVersions.choose(found, majors(installed)));
    }

    @Test
    void oneVersionIsNotEnough() {
        assertThrows(IllegalStateException.class, () -> DemoVersions.choose(OptionalInt.of(15), majors("18")));
    }

    private static NavigableSet<Integer> majors(String text) {
        return new TreeSet<>(
                List.of(text.strip().split(" ")).stream().map(Integer::valueOf).toList());
    }
}
