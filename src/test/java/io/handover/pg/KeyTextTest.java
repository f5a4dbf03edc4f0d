package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    /// What could be mistaken: separators, marks, escapes, their beginnings, and NULL.
    private static final List<@Nullable String> NASTY = Arrays.asList(
            "", "a", "\\", "\\\\", "\\N", "\\\\N", "N", "\\s", "s", "\u001f", "a\u001fb", "\\\u001f", "🐘", null);

    @Test
    void noTwoKeysHaveOneText() {
        var seen = new HashSet<String>();
        for (String a : NASTY) {
            for (String b : NASTY) {
                for (String c : NASTY) {
                    List<@Nullable String> key = Arrays.asList(a, b, c);
                    assertTrue(seen.add(KeyText.of(key)), () -> "the text is taken: " + key);
                    assertEquals(key, KeyText.values(KeyText.of(key)));
                }
            }
        }
    }

    @Test
    void hashesOfKeysThatLookAlikeDiffer() {
        var seen = new HashSet<Long>();
        for (int i = 0; i < 200_000; i++) {
            assertTrue(seen.add(KeyText.hash(String.valueOf(i))), "two of 200,000 keys have one hash");
        }
        assertNotEquals(KeyText.hash(""), KeyText.hash("\\N"));
    }

    @Test
    void aSetOfHashesKnowsExactlyItsMembers() {
        var set = new LongSet();
        var expected = new HashSet<Long>();
        var random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            long member = i == 0 ? 0 : random.nextLong() >>> random.nextInt(63);
            assertEquals(expected.add(member), set.add(member));
        }
        assertEquals(expected.size(), set.size());
        for (int i = 0; i < 50_000; i++) {
            long asked = random.nextLong() >>> random.nextInt(63);
            assertEquals(expected.contains(asked), set.contains(asked));
        }
        assertTrue(expected.stream().allMatch(set::contains));
    }
}
