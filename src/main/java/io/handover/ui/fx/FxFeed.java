package io.handover.ui.fx;

import io.handover.flow.Signal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;

/// The only door from other threads to the JavaFX thread.
///
/// Of values that pile up before the JavaFX thread's next turn it lets the newest through, so that a fast
/// engine cannot flood the queue.
public final class FxFeed {

    private FxFeed() {}

    /// A property that follows `signal` for as long as the signal lives.
    public static <T> ReadOnlyObjectProperty<T> follow(Signal<T> signal) {
        var property = new ReadOnlyObjectWrapper<>(signal.get());
        var _ = signal.listen(newest(property::set));
        return property.getReadOnlyProperty();
    }

    /// Follows the signal of whatever `source` holds at the time: its value, or empty while there is no source.
    ///
    /// JavaFX thread, as is every change of `source`.
    public static <S, T> ReadOnlyObjectProperty<Optional<T>> follow(
            ObservableValue<Optional<S>> source, Function<S, Signal<T>> which) {
        var following = new Following<>(which);
        source.addListener((_, _, now) -> following.turnTo(now));
        following.turnTo(source.getValue());
        return following.property.getReadOnlyProperty();
    }

    /// Hands the result of `future` to `done`, or what it failed of to `failed`, on the JavaFX thread, never
    /// before this call returns.
    public static <T> void whenDone(CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
        var _ = future.whenComplete((value, failure) -> later(() -> {
            if (failure == null) {
                done.accept(value);
            } else {
                failed.accept(cause(failure));
            }
        }));
    }

    /// Runs `work` on the JavaFX thread, at its next turn. Any thread.
    public static void later(Runnable work) {
        Platform.runLater(work);
    }

    /// A listener for any thread that hands the newest value on to `onFx` on the JavaFX thread.
    public static <T> Consumer<T> newest(Consumer<T> onFx) {
        var waiting = new AtomicReference<@Nullable T>();
        return value -> {
            if (waiting.getAndSet(value) == null) {
                Platform.runLater(() -> {
                    var newest = waiting.getAndSet(null);
                    if (newest != null) {
                        onFx.accept(newest);
                    }
                });
            }
        };
    }

    private static Throwable cause(Throwable failure) {
        var inner = failure.getCause();
        return failure instanceof CompletionException && inner != null ? inner : failure;
    }

    /// One signal at a time; what an earlier one still has in the queue is dropped.
    private static final class Following<S, T> {
        private final Function<S, Signal<T>> which;
        private final ReadOnlyObjectWrapper<Optional<T>> property = new ReadOnlyObjectWrapper<>(Optional.empty());
        private Signal.Subscription subscription = () -> {};
        private int turn;

        Following(Function<S, Signal<T>> which) {
            this.which = which;
        }

        void turnTo(Optional<S> source) {
            subscription.close();
            turn++;
            int mine = turn;
            if (source.isEmpty()) {
                subscription = () -> {};
                property.set(Optional.empty());
                return;
            }
            var signal = which.apply(source.get());
            property.set(Optional.of(signal.get()));
            subscription = signal.listen(newest(value -> {
                if (mine == turn) {
                    property.set(Optional.of(value));
                }
            }));
        }
    }
}
