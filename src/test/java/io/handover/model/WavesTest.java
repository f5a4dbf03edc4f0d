package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How tables are divided into waves.
class WavesTest {

    @Test
    void whatWasDividedStaysSoWhateverBecomesOfTheSizes() {
        var waves = new Waves(List.of(), 2, 0);
        var before = List.of(sized("a", 9), sized("b", 5), sized("c", 4), sized("gone", 1));
        var division =
                waves.of(before).stream().map(wave -> List.copyOf(wave.names())).toList();
        var after = List.of(sized("a", 1), sized("b", 500), sized("c", 4000), sized("late", 7));
        var names = waves.asDivided(division).of(after).stream()
                .map(wave -> wave.names().stream().map(TableRef::name).toList())
                .toList();
        assertEquals(
                List.of(List.of("a", "gone"), List.of("b", "c")),
                division.stream()
                        .map(wave -> wave.stream().map(TableRef::name).toList())
                        .toList());
        assertEquals(List.of(List.of("a"), List.of("b", "c"), List.of("late")), names);
        assertEquals(waves, waves.asDivided(List.of()), "not known");
    }

    private static TableInfo sized(String name, long bytes) {
        var table = new TableRef("s", name);
        return new TableInfo(table, table, bytes, 1, ReplicaIdentity.PRIMARY_KEY, false);
    }

    private static final long GB = 1_000_000_000;

    private final List<TableInfo> tables =
            List.of(table("a", 1), table("b", 50), table("c", 20), table("d", 31), table("e", 0), table("f", 2));

    @Test
    void byNumberTheyAreAboutEqual() {
        assertEquals(
                List.of(List.of("b"), List.of("d"), List.of("c", "f", "a", "e")), names(new Waves(List.of(), 3, 0)));
    }

    @Test
    void bySizeNoneIsBiggerButATableThatIs() {
        assertEquals(
                List.of(List.of("b"), List.of("d", "a", "e"), List.of("c", "f")), names(new Waves(List.of(), 0, 32)));
    }

    @Test
    void theOnesChosenByHandComeFirst() {
        var chosen = List.of(List.of(ref("e"), ref("a")), List.of(ref("a"), ref("gone")), List.of(ref("c")));
        var waves = new Waves(chosen, 1, 0);

        assertEquals(List.of(List.of("e", "a"), List.of("c"), List.of("b", "d", "f")), names(waves));
        assertEquals(List.of(ref("gone")), waves.unknown(tables));
    }

    @Test
    void everyTableIsInOneWaveAndNoWaveIsEmpty() {
        var many = new ArrayList<TableInfo>();
        for (int i = 0; i < 10_000; i++) {
            many.add(table("t" + i, i % 7));
        }
        many.add(new TableInfo(ref("u"), ref("u"), 5, 1, ReplicaIdentity.PRIMARY_KEY, true));
        var waves = new Waves(List.of(), 100, 0).of(many);

        assertEquals(100, waves.size());
        assertEquals(
                10_000,
                waves.stream().flatMap(wave -> wave.names().stream()).distinct().count());
        assertEquals(
                10_000, waves.stream().mapToInt(wave -> wave.tables().size()).sum());
        long most = waves.stream().mapToLong(Waves.Wave::bytes).max().orElseThrow();
        long least = waves.stream().mapToLong(Waves.Wave::bytes).min().orElseThrow();
        assertTrue(most - least <= 6 * GB, most + " and " + least);
        assertEquals(List.of(), new Waves(List.of(), 5, 0).of(List.of()));
        assertEquals(1, Waves.ONE.of(many).size());
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Waves(List.of(), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Waves(List.of(), 2, 10));
        assertThrows(IllegalArgumentException.class, () -> new Waves(List.of(), 101, 0));
    }

    private List<List<String>> names(Waves waves) {
        return waves.of(tables).stream()
                .map(wave -> wave.names().stream().map(TableRef::name).toList())
                .toList();
    }

    private static TableInfo table(String name, long gigabytes) {
        return new TableInfo(ref(name), ref(name), gigabytes * GB, 1, ReplicaIdentity.PRIMARY_KEY, false);
    }

    private static TableRef ref(String name) {
        return new TableRef("s", name);
    }
}
