package io.handover.flow;

import java.util.ArrayList;
import java.util.List;

/// The newest values of a series, the oldest forgotten. Any thread.
///
/// @param <T> an immutable type
public final class History<T> {

    private final List<T> ring;
    private final int capacity;
    private int start;
    private long added;

    /// Keeps at most `capacity` values.
    public History(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a history keeps at least one value");
        }
        this.capacity = capacity;
        this.ring = new ArrayList<>();
    }

    /// Adds the newest.
    public synchronized void add(T value) {
        if (ring.size() < capacity) {
            ring.add(value);
        } else {
            ring.set(start, value);
            start = (start + 1) % capacity;
        }
        added++;
    }

    /// How many were ever added: lets a reader ask only for what is new.
    public synchronized long added() {
        return added;
    }

    /// A copy of what is kept, oldest first.
    public synchronized List<T> all() {
        return since(added - ring.size());
    }

    /// A copy of the values added after the first `seen`, oldest first; what has been forgotten is left out.
    public synchronized List<T> since(long seen) {
        int size = ring.size();
        int wanted = (int) Math.min(size, Math.max(0, added - seen));
        var result = new ArrayList<T>(wanted);
        for (int i = size - wanted; i < size; i++) {
            result.add(ring.get((start + i) % size));
        }
        return result;
    }
}
