package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.WorkloadReport.Move;
import io.handover.demo.WorkloadReport.Pause;
import io.handover.model.CutoverReport;
import io.handover.model.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoFiguresTest {

    private static final Instant NOON = Instant.parse("2025-06-15T12:00:00Z");

    @Test
    void thePauseOfAHandoverIsTheLongestAroundItAndNoOther() {
        var before = new Pause(NOON.minusSeconds(60), Duration.ofSeconds(9));
        var small = new Pause(NOON.plusMillis(100), Duration.ofMillis(30));
        var handover = new Pause(NOON.plusMillis(200), Duration.ofMillis(240));
        var muchLater = new Pause(NOON.plusSeconds(60), Duration.ofSeconds(5));
        var report = report(List.of(before, small, handover, muchLater));

        assertEquals(Optional.of(handover), DemoFigures.seenPause(report, cutover()));
        assertEquals(Optional.empty(), DemoFigures.seenPause(report(List.of(before, muchLater)), cutover()));
    }

    @Test
    void everyFigureIsTold() {
        var ledger = new LedgerReport(20_000, List.of(new LedgerReport.Entry(1, 7)), List.of(), List.of(), 2, 3);
        var pause = new Pause(NOON.plusMillis(200), Duration.ofMillis(240));

        String told = String.join("\n", DemoFigures.lines(report(List.of(pause)), List.of(cutover()), ledger));

        for (String figure : List.of(
                "20001 transactions committed",
                "57P01: 6",
                "4 transactions waited",
                "writes paused for 120 ms on the servers, 240 ms as the application saw it",
                "Last commit on old:1/shop to first on new:2/shop: 250 ms",
                "20000 transactions acknowledged; 1 lost, 0 doubled")) {
            assertTrue(told.contains(figure), figure + " in\n" + told);
        }
    }

    private static WorkloadReport report(List<Pause> pauses) {
        return new WorkloadReport(
                20_001,
                0,
                Map.of("57P01", 6L),
                Map.of(),
                4,
                Duration.ofMillis(300),
                pauses,
                List.of(new Move("old:1/shop", "new:2/shop", NOON.plusMillis(450), Duration.ofMillis(250))),
                0,
                Optional.empty());
    }

    private static CutoverReport cutover() {
        return new CutoverReport(
                Side.SOURCE,
                NOON,
                Optional.of(NOON.plusMillis(150)),
                Optional.of(NOON.plusSeconds(30)),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(120)),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
