package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.LedgerReport.Entry;
import io.handover.testkit.PgServer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {

    private final PgServer server = PgServer.major("15");
    private final LedgerBook book = new LedgerBook();

    @Test
    void whatIsLostDoubledOrRefusedIsNamed() throws Exception {
        for (int seq = 0; seq < 6; seq++) {
            book.begin(7);
        }
        book.acknowledged(7, 0);
        book.acknowledged(7, 1);
        book.acknowledged(7, 2);
        book.refused(7, 3);
        // 4 and 5: nobody told

        var report = check("(7, 0), (7, 2), (7, 2), (7, 3), (7, 5), (7, 6), (8, 0)");

        assertEquals(3, report.acknowledged());
        assertEquals(List.of(new Entry(7, 1)), report.lost());
        assertEquals(List.of(new Entry(7, 2)), report.doubled());
        assertEquals(List.of(new Entry(7, 3)), report.ghosts());
        assertEquals(1, report.cutOffPresent());
        assertEquals(1, report.cutOffAbsent());
        assertFalse(report.exact());
    }

    @Test
    void aCutOffAcknowledgementIsNoFault() throws Exception {
        book.begin(1);
        book.begin(1);
        book.acknowledged(1, 0);

        assertTrue(check("(1, 0), (1, 1)").exact());
        assertTrue(check("(1, 0)").exact());
    }

    @Test
    void anEmptyLedgerHasLostEverything() throws Exception {
        book.begin(1);
        book.acknowledged(1, 0);

        assertEquals(List.of(new Entry(1, 0)), check("(9, 9)").lost());
    }

    /// A ledger without its key, for that is what might let a row in twice.
    private LedgerReport check(String rows) throws Exception {
        var database = server.newDatabase();
        try (var db = server.open(database);
                var sql = db.createStatement()) {
            sql.execute("create schema app");
            sql.execute("create table app.ledger (writer int, seq bigint)");
            sql.execute("insert into app.ledger values " + rows);
        }
        return LedgerCheck.check(book, server.endpoint(database));
    }
}
