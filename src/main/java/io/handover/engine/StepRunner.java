package io.handover.engine;

import io.handover.engine.step.Problems;
import io.handover.engine.step.Step;
import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.engine.step.StepOutcome;
import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.model.Problem;
import io.handover.model.Task;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a chain of steps on a thread of its own, one chain at a time, and shows which one runs.
final class StepRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    private final ExecutorService thread;
    private final Consumer<Optional<Task>> show;
    private final InstantSource clock;
    private volatile Gate gate = new Gate();
    private volatile Optional<Task> task = Optional.empty();
    private volatile boolean closing;

    StepRunner(String name, NamedThreads threads, InstantSource clock, Consumer<Optional<Task>> show) {
        this.thread = threads.single(name);
        this.clock = clock;
        this.show = show;
    }

    /// Queues `chain`; the steps run until one does not end in `Done`.
    ///
    /// @param context makes the steps' context for the chain's gate
    /// @param ended   told how it ended, on the step's thread, while the task still shows
    void run(List<Named> chain, Function<Gate, EngineContext> context, Consumer<StepOutcome> ended) {
        var fresh = new Gate();
        gate = fresh;
        show(Optional.of(new Task(
                chain.getFirst().title(),
                clock.instant(),
                -1,
                "",
                chain.getFirst().stoppable())));
        thread.execute(() -> {
            try {
                ended.accept(outcome(chain, context.apply(fresh)));
            } catch (JournalBroken e) {
                LOG.error("the journal broke; the migration has stopped", e);
            } finally {
                show(Optional.empty());
            }
        });
    }

    private StepOutcome outcome(List<Named> chain, EngineContext with) {
        for (Named named : chain) {
            gate.resume(); // a pause is of one step: asked for at the end of a copy it must not hold what follows
            show(Optional.of(new Task(named.title(), clock.instant(), -1, "", named.stoppable())));
            LOG.info("begins: {}", named.title());
            StepOutcome outcome = one(named, with);
            LOG.info("ends: {}: {}", named.title(), outcome);
            if (!(outcome instanceof StepOutcome.Done)) {
                return outcome;
            }
        }
        return new StepOutcome.Done();
    }

    private StepOutcome one(Named named, EngineContext with) {
        try {
            return named.step().run(with);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new StepOutcome.Stopped();
        } catch (JournalBroken e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("failed: {}", named.title(), e);
            Problem problem = Problems.bug(e, named.title());
            return new StepOutcome.Failed(problem);
        }
    }

    /// Sets fraction and what it waits for.
    void progress(double fraction, String waitsFor) {
        Optional<Task> now = task;
        if (now.isPresent()) {
            Task t = now.get();
            show(Optional.of(new Task(t.title(), t.since(), fraction, waitsFor, t.stoppable(), t.held())));
        }
    }

    /// Has the running chain rest at its next safe point, or go on.
    void hold(boolean rest) {
        if (rest) {
            gate.hold();
        } else {
            gate.resume();
        }
        task.ifPresent(t ->
                show(Optional.of(new Task(t.title(), t.since(), t.fraction(), t.waitsFor(), t.stoppable(), rest))));
    }

    /// Asks the running chain to end at its next safe point.
    void stop() {
        gate.stop();
    }

    /// True while a chain runs or waits.
    boolean closing() {
        return closing;
    }

    private void show(Optional<Task> next) {
        task = next;
        show.accept(next);
    }

    /// Waits for a step that must not be broken off, interrupts any other.
    void close(boolean wait) {
        closing = true;
        if (!wait) {
            gate.stop();
        }
        NamedThreads.close(thread, wait ? Duration.ofMinutes(15) : Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        close(false);
    }

    /// A step with what people read.
    ///
    /// @param title     for example `Copying rows`
    /// @param stoppable whether Stop is offered
    /// @param step      the work
    record Named(String title, boolean stoppable, Step step) {}
}
