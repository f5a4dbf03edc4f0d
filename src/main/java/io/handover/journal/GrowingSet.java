package io.handover.journal;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// A set that cannot be changed, and of which a bigger one is made without copying it: 10,000 tables that are
/// copied one by one would be copied 50 million times otherwise. Any thread may read it while bigger ones are
/// made, which one thread at a time may do.
///
/// All that grew from one another share one map, which knows in which place each element came; a set has
/// those that came before it was made.
final class GrowingSet<T> extends AbstractSet<T> {

    private final ConcurrentMap<T, Integer> all;
    private final int size;

    private GrowingSet(ConcurrentMap<T, Integer> all, int size) {
        this.all = all;
        this.size = size;
    }

    /// What is in `set`, and `element`.
    static <T> Set<T> plus(Set<T> set, T element) {
        if (set.contains(element)) {
            return set;
        }
        GrowingSet<T> grown = set instanceof GrowingSet<T> some && some.all.size() == some.size ? some : copy(set);
        grown.all.put(element, grown.size);
        return new GrowingSet<>(grown.all, grown.size + 1);
    }

    private static <T> GrowingSet<T> copy(Set<T> set) {
        var all = new ConcurrentHashMap<T, Integer>();
        set.forEach(element -> all.put(element, all.size()));
        return new GrowingSet<>(all, all.size());
    }

    @Override
    @SuppressWarnings("SuspiciousMethodCalls") // as of any set
    public boolean contains(Object element) {
        Integer number = all.get(element);
        return number != null && number < size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Iterator<T> iterator() {
        return all.entrySet().stream()
                .filter(entry -> entry.getValue() < size)
                .map(Map.Entry::getKey)
                .iterator();
    }
}
