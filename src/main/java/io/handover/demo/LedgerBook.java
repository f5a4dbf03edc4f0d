package io.handover.demo;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/// What the application knows of its own transactions: which of them the server has acknowledged, which it has
/// refused, and of which nobody told. Each attempt has a number of its own, also a repeated one. Thread-safe.
public final class LedgerBook {

    private final Map<Integer, Page> pages = new TreeMap<>();

    /// One writer's attempts; an attempt that is neither acknowledged nor refused is open.
    private static final class Page {
        private final BitSet acknowledged = new BitSet();
        private final BitSet refused = new BitSet();
        private int next;

        Page copy() {
            var copy = new Page();
            copy.acknowledged.or(acknowledged);
            copy.refused.or(refused);
            copy.next = next;
            return copy;
        }
    }

    /// The number for `writer`'s next attempt, open from now on.
    synchronized int begin(int writer) {
        return pages.computeIfAbsent(writer, _ -> new Page()).next++;
    }

    /// The server has said that the transaction is committed.
    synchronized void acknowledged(int writer, int seq) {
        page(writer).acknowledged.set(seq);
    }

    /// The server has said that it is not, or was never asked to commit it.
    synchronized void refused(int writer, int seq) {
        page(writer).refused.set(seq);
    }

    /// How many attempts are neither acknowledged nor refused: their acknowledgement was cut off, or they are
    /// running.
    public synchronized long open() {
        return pages.values().stream()
                .mapToLong(page -> page.next - page.acknowledged.cardinality() - page.refused.cardinality())
                .sum();
    }

    /// How many transactions were acknowledged.
    public synchronized long acknowledged() {
        return pages.values().stream()
                .mapToLong(page -> page.acknowledged.cardinality())
                .sum();
    }

    /// As it is now; the copy does not change any more.
    public synchronized LedgerBook copy() {
        var copy = new LedgerBook();
        pages.forEach((writer, page) -> copy.pages.put(writer, page.copy()));
        return copy;
    }

    /// What this book says about one entry of the ledger.
    synchronized Word about(int writer, long seq) {
        Page page = pages.get(writer);
        if (page == null || seq >= page.next) {
            return Word.LATER;
        }
        if (page.acknowledged.get((int) seq)) {
            return Word.ACKNOWLEDGED;
        }
        return page.refused.get((int) seq) ? Word.REFUSED : Word.OPEN;
    }

    /// Calls `visitor` with each acknowledged transaction.
    synchronized void eachAcknowledged(Visitor visitor) {
        pages.forEach((writer, page) -> page.acknowledged.stream().forEach(seq -> visitor.visit(writer, seq)));
    }

    private Page page(int writer) {
        Page page = pages.get(writer);
        if (page == null) {
            throw new IllegalStateException("writer " + writer + " has begun nothing");
        }
        return page;
    }

    /// What is known of a transaction.
    enum Word {
        /// Committed, for sure.
        ACKNOWLEDGED,
        /// Not committed, for sure.
        REFUSED,
        /// Nobody told.
        OPEN,
        /// Not this book's, or begun after it was copied.
        LATER
    }

    /// Is shown transactions.
    interface Visitor {
        void visit(int writer, int seq);
    }
}
