package io.handover.ui.fx;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/// Values made of others.
///
/// Unlike JavaFX's own bindings, which their sources hold weakly, such a value lives as long as its sources: a page
/// that only listens does not fall silent after a garbage collection.
public final class Derived {

    private Derived() {}

    /// Always what `make` makes of the two. JavaFX thread.
    public static <A, B, R> ObservableValue<R> from(
            ObservableValue<A> first, ObservableValue<B> second, BiFunction<A, B, R> make) {
        return of(() -> make.apply(first.getValue(), second.getValue()), first, second);
    }

    /// What `value` gives, asked anew whenever one of `watched` changes. JavaFX thread.
    public static <T> ReadOnlyObjectProperty<T> of(Supplier<T> value, ObservableValue<?>... watched) {
        var derived = new ReadOnlyObjectWrapper<>(value.get());
        for (ObservableValue<?> one : watched) {
            one.addListener((_, _, _) -> derived.set(value.get()));
        }
        return derived.getReadOnlyProperty();
    }
}
