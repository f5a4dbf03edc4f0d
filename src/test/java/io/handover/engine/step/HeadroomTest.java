package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadroomTest {

    @ParameterizedTest
    @CsvSource({
        "2, 0 0 0 0 0 0 0, 0, not looked at long enough",
        "2, 0 0 0 0 0 0 0 0, 1, all of them wait for rows",
        "2, 2 2 2 2 2 2 2 2, 0, the target is the slowest",
        "2, 1 1 1 1 1 1 1 1, 1, half of them wait",
        "2, 1 1 2 1 1 1 1 1, 0, less than one of them waits",
        "8, 1 1 1 1 1 1 1 1, 4, never more than half",
        "8, 6 6 6 6 6 6 6 6, 2, what the copy leaves",
        "8, 8 8 8 8 8 8 8 8 6 6 6 6 6 6 6 6, 2, only the last two seconds count",
        "3, 9 9 9 9 9 9 9 9, 0, fewer workers than a moment ago",
        "1, 0 0 0 0 0 0 0 0, 1, the one worker waits",
        "1, 0 0 0 1 0 0 0 0, 0, the one worker works"
    })
    void noMoreWorkOnTheTargetThanWasPlanned(int workers, String working, int builders, String why) {
        var headroom = new Headroom();
        for (String one : working.strip().split(" ", -1)) {
            headroom.saw(Integer.parseInt(one));
        }
        assertEquals(builders, headroom.builders(workers), why);
    }
}
