package io.handover.engine.cutover;

import io.handover.engine.step.Problems;
import io.handover.flow.NamedThreads;
import io.handover.model.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What no stream carries, and the last look at the rows: each on two connections and a thread of its own, at the same
/// time, as none needs another. Called by the step's thread.
///
/// Nothing here touches what the attempt's own connections work on, so an undo may break it off at any moment: what is
/// brought over half is brought over whole by the next attempt.
final class Passengers implements AutoCloseable {

    private static final Duration ENDS = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Attempt attempt;
    private final List<Passenger> passengers = new ArrayList<>();
    private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    private int onTheWay;

    Passengers(Attempt attempt) {
        this.attempt = attempt;
    }

    /// One of them. Its thread takes what it is given in order.
    private record Passenger(String title, Lines.Pair pair, ExecutorService thread, Optional<PauseWork.Ready> work) {}

    /// Something that has ended, whichever way.
    private record Arrived(Passenger passenger, Future<Optional<Problem>> answer) {}

    /// Opens the connections, and does and looks up what can be before writes are stopped.
    void prepare() throws SQLException, InterruptedException {
        for (PauseWork work : attempt.parts.work()) {
            Lines.Pair pair = attempt.lines.pair("cutover " + work.title());
            var ready = work.work().prepare(attempt.with.plan(), pair.owner(), pair.follower());
            passengers.add(new Passenger(work.title(), pair, thread(work.title()), Optional.of(ready)));
        }
        String title = Point.SETTLED.title();
        Lines.Pair pair = attempt.lines.pair("cutover rows");
        // Trials: with writes going on their answer means nothing. New sessions know no table yet, and this program may
        // do it for the first time; neither shall cost the pause anything.
        long began = System.nanoTime();
        var _ = settle(pair);
        var _ = WarmUp.again(began, () -> {
            var _ = settle(pair);
        });
        passengers.add(new Passenger(title, pair, thread(title), Optional.empty()));
    }

    /// In the order of `CutoverParts.work`.
    List<PauseWork.Ready> work() {
        return passengers.stream()
                .flatMap(passenger -> passenger.work().stream())
                .toList();
    }

    /// Begins what need not wait until nobody is left who could change it: the locks are held.
    void underLocks() {
        for (Passenger passenger : passengers) {
            if (passenger.work().isPresent() && passenger.work().get().beginsEarly()) {
                PauseWork.Ready work = passenger.work().get();
                begin(passenger, passenger.title(), () -> {
                    work.early();
                    return Optional.empty();
                });
            }
        }
    }

    /// Everything that was committed is there: the last rows can be compared.
    void fenced() {
        for (Passenger passenger : passengers) {
            if (passenger.work().isEmpty()) {
                Lines.Pair pair = passenger.pair();
                begin(passenger, passenger.title(), () -> settle(pair));
            }
        }
    }

    /// Begins all the rest, and looks again at what was begun early: nobody is left who could change it.
    void begin() {
        for (Passenger passenger : passengers) {
            if (passenger.work().isPresent()) {
                PauseWork.Ready work = passenger.work().get();
                String title = passenger.title() + (work.beginsEarly() ? ": all of them" : "");
                begin(passenger, title, work::run);
            }
        }
    }

    /// Waits for everything that was begun, but not for the others once one has failed.
    ///
    /// @param clear called again and again meanwhile, so that nobody blocks what it reads
    /// @throws Setback if one of them is not all there, differs, fails or is late
    void await(Clearing clear) throws SQLException, Setback, InterruptedException {
        while (onTheWay > 0) {
            var _ = attempt.leftOrLate("bringing over what no stream carries");
            Arrived next = arrived.poll(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                clear.away();
            } else {
                look(next);
                onTheWay--;
            }
        }
    }

    /// Ends whoever is in the way of readers.
    @FunctionalInterface
    interface Clearing {
        void away() throws SQLException;
    }

    /// Ends whatever is still under way, for good.
    void breakOff() {
        if (onTheWay == 0) {
            return;
        }
        onTheWay = 0;
        passengers.forEach(passenger -> passenger.pair().abort());
        for (Passenger passenger : passengers) {
            passenger.thread().shutdownNow();
        }
        for (Passenger passenger : passengers) {
            NamedThreads.close(passenger.thread(), ENDS);
        }
    }

    @Override
    public void close() {
        breakOff();
        passengers.forEach(passenger -> passenger.thread().shutdownNow());
    }

    private Optional<Problem> settle(Lines.Pair pair) throws SQLException, InterruptedException {
        return attempt.parts.check().settle(attempt.from, pair.owner(), pair.follower());
    }

    private ExecutorService thread(String title) {
        return attempt.with.threads().single("cutover " + title);
    }

    private void begin(Passenger passenger, String title, Callable<Optional<Problem>> work) {
        onTheWay++;
        var task = new FutureTask<>(() -> noted(title, work));
        passenger.thread().execute(() -> {
            task.run();
            arrived.add(new Arrived(passenger, task));
        });
    }

    private Optional<Problem> noted(String title, Callable<Optional<Problem>> work) throws Exception {
        int line = attempt.timeline.begin(title);
        String note = "failed";
        try {
            Optional<Problem> problem = work.call();
            note = problem.isPresent() ? "refused" : "";
            return problem;
        } finally {
            attempt.timeline.end(line, note);
        }
    }

    private void look(Arrived next) throws Setback, InterruptedException {
        String title = next.passenger().title();
        try {
            Optional<Problem> problem = next.answer().get();
            if (problem.isPresent()) {
                throw new Setback(problem.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw new Setback(Problems.of(sql, attempt.to, "bringing over: " + title), sql);
            }
            throw new IllegalStateException(title + " failed", e.getCause());
        }
    }
}
