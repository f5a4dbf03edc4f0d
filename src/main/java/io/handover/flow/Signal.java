package io.handover.flow;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A value that others can watch. Listeners run on the setting thread, in order, and must be quick;
/// the JavaFX side follows through its own door.
///
/// @param <T> an immutable type
public final class Signal<T> {

    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T value; // read without the lock: a listener may ask another signal, which asks this one

    /// Starts with `first`.
    public Signal(T first) {
        this.value = first;
    }

    /// The newest value. Any thread.
    public T get() {
        return value;
    }

    /// Replaces the value and tells the listeners. Any thread; calls are one after the other, so that every
    /// listener sees the values in the order they were set.
    public synchronized void set(T next) {
        value = next;
        for (Consumer<T> listener : listeners) {
            listener.accept(next);
        }
    }

    /// Calls `listener` with the present value and from then on with each new one.
    ///
    /// @return ends it
    public synchronized Subscription listen(Consumer<T> listener) {
        listeners.add(listener);
        listener.accept(value);
        return () -> listeners.remove(listener);
    }

    /// Ends a listener.
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
