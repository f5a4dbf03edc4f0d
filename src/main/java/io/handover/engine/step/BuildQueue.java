package io.handover.engine.step;

import io.handover.model.TableRef;
import io.handover.pg.EntryLocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Hands out work to several workers so that no two of them are at one table in a way that would make one
/// wait for the other. Any thread.
///
/// @param <T> what is to be done
final class BuildQueue<T> {

    /// A piece of work and the tables it needs.
    record Item<T>(T work, EntryLocks locks) {}

    private final List<Item<T>> waiting;

    /// How many are at a table; -1 for one that wants it alone.
    private final Map<TableRef, Integer> busy = new HashMap<>();

    /// Hands out `items` in this order as far as the tables allow.
    BuildQueue(List<Item<T>> items) {
        waiting = new ArrayList<>(items);
    }

    /// Work that gets in nobody's way.
    static <T> BuildQueue<T> free(List<T> works) {
        var none = new EntryLocks(Set.of(), true);
        return new BuildQueue<>(
                works.stream().map(work -> new Item<>(work, none)).toList());
    }

    /// The next item whose tables are free; waits while there is none, but will be.
    ///
    /// @return empty if all are given out, or the queue is closed
    synchronized Optional<Item<T>> take() throws InterruptedException {
        while (!waiting.isEmpty()) {
            for (Iterator<Item<T>> items = waiting.iterator(); items.hasNext(); ) {
                Item<T> item = items.next();
                if (isFree(item.locks())) {
                    items.remove();
                    occupy(item.locks(), item.locks().shared() ? 1 : -1);
                    return Optional.of(item);
                }
            }
            wait();
        }
        return Optional.empty();
    }

    /// Gives the tables of `item` free again, whether it was built or not.
    synchronized void release(Item<T> item) {
        occupy(item.locks(), item.locks().shared() ? -1 : 1);
        notifyAll();
    }

    /// Hands out nothing any more.
    synchronized void close() {
        waiting.clear();
        notifyAll();
    }

    private void occupy(EntryLocks locks, int change) {
        for (TableRef table : locks.tables()) {
            busy.merge(table, change, Integer::sum);
        }
    }

    private boolean isFree(EntryLocks locks) {
        return locks.tables().stream().allMatch(table -> {
            int workers = busy.getOrDefault(table, 0);
            return workers == 0 || (workers > 0 && locks.shared());
        });
    }
}
