package io.handover.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrowingSetTest {

    @Test
    void anEarlierOneStaysAsItWas() {
        Set<String> one = GrowingSet.plus(Set.of(), "a");
        Set<String> two = GrowingSet.plus(one, "b");
        Set<String> other = GrowingSet.plus(one, "c"); // not from the biggest: they must not mix
        assertEquals(Set.of("a"), one);
        assertEquals(Set.of("a", "b"), two);
        assertEquals(Set.of("a", "c"), other);
        assertEquals(Set.of("a", "b", "d"), GrowingSet.plus(two, "d"));
        assertFalse(two.contains("d"));
        assertSame(two, GrowingSet.plus(two, "a"));
        assertEquals(Set.of("x", "y"), GrowingSet.plus(Set.of("x"), "y"));
        assertThrows(UnsupportedOperationException.class, () -> two.add("z"));
        assertEquals(new HashSet<>(two), Set.copyOf(two));
    }

    @Test
    void manyAreAddedInNoTime() {
        long began = System.nanoTime();
        Set<Integer> set = Set.of();
        for (int i = 0; i < 200_000; i++) {
            set = GrowingSet.plus(set, i);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        assertEquals(200_000, set.size());
        assertTrue(set.contains(199_999));
        assertTrue(seconds < 30, "took " + seconds + " s; copied each time it would be hours");
    }
}
