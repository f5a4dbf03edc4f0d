package io.handover.engine.step;

import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.TableSync;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/// The tables of a wave, given to the servers a few at a time. What they have been given they copy whatever
/// happens here: so big ones only as many as they copy at once, and of small ones as many as are done in a
/// moment. One thread.
final class Portions {

    /// So many bytes are copied in a moment.
    static final long BYTES = 64L * 1024 * 1024;

    private static final int TABLES = 250;

    private final Queue<TableInfo> left;
    private final Map<TableRef, Long> given = new HashMap<>();
    private final int workers;
    private final long most;

    /// @param workers tables that the servers copy at once
    /// @param most    bytes of small ones
    Portions(Collection<TableInfo> tables, int workers, long most) {
        this.left = new ArrayDeque<>(tables);
        this.workers = workers;
        this.most = most;
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /// All that are left.
    Set<TableRef> all() {
        var some = new TreeSet<TableRef>();
        left.forEach(info -> some.add(info.table()));
        left.clear();
        return some;
    }

    /// Whether the servers will soon have nothing more to do.
    boolean runShort(List<TableSync.State> states) {
        Open open = open(states);
        return !left.isEmpty() && (open.tables < workers || (open.tables <= TABLES / 2 && open.bytes <= most / 2));
    }

    /// As many as they can do with now; none if they have enough.
    Set<TableRef> next(List<TableSync.State> states) {
        Open open = open(states);
        var some = new TreeSet<TableRef>();
        for (TableInfo table; (table = left.peek()) != null; left.remove()) {
            boolean small = open.tables < TABLES && open.bytes + table.bytes() <= most;
            if (open.tables >= workers && !small) {
                break;
            }
            some.add(table.table());
            given.put(table.table(), table.bytes());
            open = new Open(open.tables + 1, open.bytes + table.bytes());
        }
        return some;
    }

    private Open open(List<TableSync.State> states) {
        int tables = 0;
        long bytes = 0;
        for (TableSync.State state : states) {
            if (!state.copied()) {
                tables++;
                bytes += given.getOrDefault(state.table(), 0L);
            }
        }
        return new Open(tables, bytes);
    }

    private record Open(int tables, long bytes) {}
}
