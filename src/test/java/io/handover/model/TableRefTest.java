package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A name from a catalogue must not forge a line of the result, nor steer the terminal that shows it.
class TableRefTest {

    @ParameterizedTest
    @CsvSource({
        "'x\n24 checks passed', 's.x\\n24 checks passed'",
        "'a\r\tb', 's.a\\r\\tb'",
        "'\u001b[2J', 's.\\u001b[2J'",
        "'\u202eelbat', 's.\\u202eelbat'",
        "'\u2028', 's.\\u2028'",
        "'Kun\u00f6 \ud83d\ude00 \"q\" \\n', 's.Kun\u00f6 \ud83d\ude00 \"q\" \\n'",
    })
    void aNameStaysInItsLine(String name, String shown) {
        assertEquals(shown, new TableRef("s", name).display());
    }
}
