package io.handover.flow;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The only maker of threads: each is named after its work, is a daemon, and an exception nobody caught reaches
/// `onUncaught`, so that failed work never just falls silent.
public final class NamedThreads {

    private final Consumer<Throwable> onUncaught;

    /// Reports what threads die of to `onUncaught`.
    public NamedThreads(Consumer<Throwable> onUncaught) {
        this.onUncaught = onUncaught;
    }

    /// Starts one thread.
    public Thread start(String name, Runnable work) {
        Thread thread = factory(name).newThread(work);
        thread.start();
        return thread;
    }

    /// One thread that somebody else starts, for example the JVM when it ends.
    public Thread unstarted(String name, Runnable work) {
        return factory(name).newThread(work);
    }

    /// One thread that takes tasks in order.
    public ExecutorService single(String name) {
        return new Reporting(1, factory(name), onUncaught);
    }

    /// `size` threads that take tasks as they come.
    public ExecutorService pool(String name, int size) {
        return new Reporting(size, factory(name), onUncaught);
    }

    /// One thread for work at fixed times. A periodic task that throws is not called again: catch inside. What is not
    /// due yet when it is shut down is not done: whoever closes it does not wait for that.
    public ScheduledExecutorService scheduler(String name) {
        var scheduler = new ScheduledThreadPoolExecutor(1, factory(name));
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    /// Ends `executor`: asks, waits for `limit`, then interrupts.
    public static void close(ExecutorService executor, Duration limit) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// For libraries that want to start their threads themselves; such a thread reports its own failures.
    public static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().name(name).daemon(true).factory();
    }

    private ThreadFactory factory(String name) {
        return Thread.ofPlatform()
                .name(name)
                .daemon(true)
                .uncaughtExceptionHandler((_, e) -> onUncaught.accept(e))
                .factory();
    }

    /// A pool whose `execute`d tasks cannot fail unseen.
    private static final class Reporting extends ThreadPoolExecutor {
        private final Consumer<Throwable> onUncaught;

        Reporting(int size, ThreadFactory factory, Consumer<Throwable> onUncaught) {
            super(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
            this.onUncaught = onUncaught;
        }

        @Override
        protected void afterExecute(Runnable task, Throwable failure) {
            super.afterExecute(task, failure);
            // A task that was execute()d throws here and again in its thread's handler; a submit()ted one
            // keeps its
            // failure in the future, where its caller finds it.
            if (failure instanceof Error) {
                onUncaught.accept(failure);
            }
        }
    }
}
