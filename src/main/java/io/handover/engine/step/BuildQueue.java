package io.handover.engine.step;

import io.handover.model.TableRef;
import io.handover.pg.EntryLocks;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Hands out work to several workers so that no two of them are at one table in a way that would make one
/// wait for the other, and so that each table's work is done in the order of its turns. Any thread.
///
/// @param <T> what is to be done
final class BuildQueue<T> {

    /// A piece of work and the tables it needs.
    ///
    /// @param turn at one table, nothing is begun before all of earlier turns is done
    /// @param wide whether it may concern tables that it does not name: it then waits for everything of earlier
    ///             turns, and everything of later ones for it
    record Item<T>(T work, EntryLocks locks, BuildTurn turn, boolean wide) {}

    private final List<Item<T>> waiting;

    /// How many are at a table; -1 for one that wants it alone.
    private final Map<TableRef, Integer> busy = new HashMap<>();

    /// What is not done yet.
    private final Map<BuildTurn, Open> open = new EnumMap<>(BuildTurn.class);

    /// How many of one turn are not done: of each table, those that are wide, and all.
    private static final class Open {
        private final Map<TableRef, Integer> tables = new HashMap<>();
        private int wide;
        private int all;

        void count(Item<?> item, int change) {
            all += change;
            wide += item.wide() ? change : 0;
            for (TableRef table : item.locks().tables()) {
                tables.merge(table, change, (had, more) -> had + more == 0 ? null : had + more);
            }
        }

        boolean holdsUp(Item<?> later) {
            return later.wide()
                    ? all > 0
                    : wide > 0 || later.locks().tables().stream().anyMatch(tables::containsKey);
        }
    }

    /// Hands out `items` in this order as far as the tables and their turns allow.
    BuildQueue(List<Item<T>> items) {
        waiting = new ArrayList<>(items);
        for (Item<T> item : items) {
            open.computeIfAbsent(item.turn(), _ -> new Open()).count(item, 1);
        }
    }

    /// Work that gets in nobody's way.
    static <T> BuildQueue<T> free(List<T> works) {
        var none = new EntryLocks(Set.of(), true);
        return new BuildQueue<>(works.stream()
                .map(work -> new Item<>(work, none, BuildTurn.BUILD, false))
                .toList());
    }

    /// The next item whose tables are free and whose turn has come; waits while there is none, but will be.
    ///
    /// @return empty if all are given out, or the queue is closed
    synchronized Optional<Item<T>> take() throws InterruptedException {
        while (!waiting.isEmpty()) {
            for (Iterator<Item<T>> items = waiting.iterator(); items.hasNext(); ) {
                Item<T> item = items.next();
                if (isFree(item.locks()) && isItsTurn(item)) {
                    items.remove();
                    occupy(item.locks(), item.locks().shared() ? 1 : -1);
                    return Optional.of(item);
                }
            }
            wait();
        }
        return Optional.empty();
    }

    /// Gives the tables of `item` free again. One that was not built must close the queue before: it counts as done.
    synchronized void release(Item<T> item) {
        occupy(item.locks(), item.locks().shared() ? -1 : 1);
        open.getOrDefault(item.turn(), new Open()).count(item, -1);
        notifyAll();
    }

    /// The earliest turn with something that is not done.
    ///
    /// @return empty if all is done
    synchronized Optional<BuildTurn> turn() {
        return open.entrySet().stream()
                .filter(turn -> turn.getValue().all > 0)
                .map(Map.Entry::getKey)
                .findFirst();
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

    private boolean isItsTurn(Item<T> item) {
        return open.entrySet().stream()
                .noneMatch(turn -> turn.getKey().compareTo(item.turn()) < 0
                        && turn.getValue().holdsUp(item));
    }
}
