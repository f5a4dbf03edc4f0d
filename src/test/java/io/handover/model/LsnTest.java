package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF", "A/F"})
    void isPrintedAsItIsRead(String text) {
        assertEquals(text, Lsn.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "/", "1/", "/1", "g/1", "1/123456789", "-1/0", " 0/0", "0/0 "})
    void rubbishIsRefusedAndNeverZero(String text) {
        assertThrows(IllegalArgumentException.class, () -> Lsn.parse(text));
    }

    @Test
    void comparesAsAnUnsignedNumber() {
        Lsn high = Lsn.parse("FFFFFFFF/0");
        Lsn low = Lsn.parse("0/1");
        assertTrue(high.compareTo(low) > 0);
        assertTrue(high.reached(low));
        assertEquals(1L << 32, Lsn.parse("2/0").minus(Lsn.parse("1/0")));
    }
}
