package io.handover.demo;

import io.handover.demo.LedgerReport.Entry;
import io.handover.model.Endpoint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compares what the application was told with what a database holds.
public final class LedgerCheck {

    private static final String ENTRIES = "select writer, seq, count(*) as times from app.ledger group by writer, seq";

    private final LedgerBook known;
    private final Map<Integer, BitSet> seen = new HashMap<>();
    private final List<Entry> doubled = new ArrayList<>();
    private final List<Entry> ghosts = new ArrayList<>();
    private long cutOffPresent;

    private LedgerCheck(LedgerBook known) {
        this.known = known;
    }

    /// Looks for the transactions of `book` in `databases`, taken together: usually one; two if the application
    /// moved between databases that do not replicate. The workload may be running: only what was acknowledged
    /// before is asked for.
    public static LedgerReport check(LedgerBook book, Endpoint... databases) throws SQLException {
        var check = new LedgerCheck(book.copy());
        for (Endpoint database : databases) {
            check.read(database);
        }
        return check.report();
    }

    private void read(Endpoint database) throws SQLException {
        try (var connection = Login.open(database, "ledger check")) {
            connection.setAutoCommit(false); // lets the driver fetch in pieces
            try (var query = connection.createStatement()) {
                query.setFetchSize(10_000);
                try (var rows = query.executeQuery(ENTRIES)) {
                    while (rows.next()) {
                        enter(new Entry(rows.getInt("writer"), rows.getLong("seq")), rows.getLong("times"));
                    }
                }
            }
        }
    }

    private void enter(Entry entry, long times) {
        var word = known.about(entry.writer(), entry.seq());
        if (word == LedgerBook.Word.LATER) {
            return;
        }
        BitSet mine = seen.computeIfAbsent(entry.writer(), _ -> new BitSet());
        if (times > 1 || mine.get((int) entry.seq())) {
            doubled.add(entry);
        }
        mine.set((int) entry.seq());
        if (word == LedgerBook.Word.REFUSED) {
            ghosts.add(entry);
        } else if (word == LedgerBook.Word.OPEN) {
            cutOffPresent++;
        }
    }

    private LedgerReport report() {
        var lost = new ArrayList<Entry>();
        known.eachAcknowledged((writer, seq) -> {
            BitSet mine = seen.get(writer);
            if (mine == null || !mine.get(seq)) {
                lost.add(new Entry(writer, seq));
            }
        });
        return new LedgerReport(
                known.acknowledged(), lost, doubled, ghosts, cutOffPresent, known.open() - cutOffPresent);
    }
}
