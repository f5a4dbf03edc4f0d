package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.pg.ComparisonGoals.Figures;
import io.handover.pg.ComparisonGoals.Time;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonGoalsTest {

    private static final Figures GOOD =
            new Figures(3_000_000, new Time(1, 1.8), new Time(1.05, 1.9), new Time(2.2, 3.9));

    @Test
    void everyGoalIsJudgedByItsFigures() {
        var slow = new Figures(1_000_000, new Time(1.13, 1.98), new Time(1.72, 2.70), new Time(1.11, 1.72));

        String text = ComparisonGoals.text(GOOD, slow);

        assertTrue(text.contains("**3 of 6 goals are missed.**"), text);
        assertEquals(
                List.of(
                        "| 350,000 wide rows a second and core | 3,333,333 | met |",
                        "| 3,000,000 narrow rows a second and core | 1,010,101 | missed |",
                        "| finding the place on wide rows costs at most 10 % more"
                                + " | processor time +6 %, time passed +5 % | met |",
                        "| finding the place on narrow rows costs at most 10 % more"
                                + " | processor time +36 %, time passed +52 % | missed |",
                        "| 2 times as fast as pgcopydb's statement on wide rows"
                                + " | processor time 2.17, time passed 2.20 | met |",
                        "| 2 times as fast as pgcopydb's statement on narrow rows"
                                + " | processor time 0.87, time passed 0.98 | missed |"),
                text.lines()
                        .filter(l -> l.endsWith("met |") || l.endsWith("missed |"))
                        .toList());
        assertTrue(ComparisonGoals.text(GOOD, GOOD).contains("**All 6 goals are met.**"));
    }

    @Test
    void timePassedAloneMeetsNoGoal() {
        var unknown = new Figures(3_000_000, new Time(1, 0), new Time(1.05, 0), new Time(2.2, 0));

        String text = ComparisonGoals.text(unknown, unknown);

        assertTrue(text.contains("**All 6 goals are missed.**"), text);
        assertTrue(text.contains("processor time unknown, time passed +5 %"), text);
    }

    @Test
    void oneTimeThatMissesIsEnough() {
        var waits = new Figures(3_000_000, new Time(1, 1.8), new Time(1.5, 1.9), new Time(2.2, 3.9));

        String text = ComparisonGoals.text(waits, waits);

        assertTrue(text.contains("processor time +6 %, time passed +50 % | missed"), text);
    }
}
