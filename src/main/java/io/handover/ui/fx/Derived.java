package io.handover.ui.fx;

import java.util.function.BiFunction;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/// Values made of two others.
///
/// Unlike JavaFX's own bindings, which their sources hold weakly, such a value lives as long as its sources: a page
/// that only listens does not fall silent after a garbage collection.
public final class Derived {

    private Derived() {}

    /// Always what `make` makes of the two. JavaFX thread.
    public static <A, B, R> ObservableValue<R> from(
            ObservableValue<A> first, ObservableValue<B> second, BiFunction<A, B, R> make) {
        var made = new ReadOnlyObjectWrapper<>(make.apply(first.getValue(), second.getValue()));
        Runnable renew = () -> made.set(make.apply(first.getValue(), second.getValue()));
        first.subscribe(renew);
        second.subscribe(renew);
        return made.getReadOnlyProperty();
    }
}
