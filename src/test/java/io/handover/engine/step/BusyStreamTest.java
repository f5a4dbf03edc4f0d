package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.pg.SlotCatalog;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A follower that always has something to apply confirms what it has applied late: here it hardly ever does.
class BusyStreamTest {

    private static final Map<String, String> SILENT = Map.of("wal_receiver_status_interval", "0");

    @Test
    void whatIsAppliedButNotConfirmedIsNeitherWaitedForNorTakenForAChangeInFlight() throws Exception {
        try (var follower = PgServer.dedicated("17", SILENT);
                var pair = StreamedPair.open(TestContext.between(PgServer.major("15"), follower), Side.SOURCE)) {
            pair.onOwner("truncate public.scratch; update public.quiet set v = 'w'");
            pair.fence();
            Lsn written = head(pair);
            pair.fence();
            assertFalse(confirmed(pair).reached(written), "applied, and not confirmed");

            var stream = new VerifyStream(pair.context(), Side.SOURCE);
            stream.expect(written);
            stream.awaitClose();
            assertInstanceOf(StepOutcome.Done.class, new VerifyStep(Side.SOURCE).run(pair.context()));

            assertEquals(List.of(), pair.context().waits());
            var report = pair.context().verifications().getLast();
            assertTrue(report.proved(), () -> report.tables().toString());
            assertTrue(report.method().contains(": 1 hold of "), report::method);
        }
    }

    private static Lsn head(StreamedPair pair) throws SQLException {
        return live(pair).lag().head();
    }

    private static Lsn confirmed(StreamedPair pair) throws SQLException {
        return live(pair).lag().confirmed();
    }

    private static SlotReading.Live live(StreamedPair pair) throws SQLException {
        try (var owner = pair.context().server(Side.SOURCE).open("test")) {
            return assertInstanceOf(SlotReading.Live.class, new SlotCatalog().lag(owner.jdbc(), pair.name()));
        }
    }
}
