package io.handover.demo;

import io.handover.flow.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Closes the servers and folders that are still there when the JVM ends in good order. After a `SIGKILL`
/// the next run
/// does it.
final class AtExit {

    private static final List<Leftover> LEFTOVERS = new CopyOnWriteArrayList<>();

    static {
        // the log is closed when this runs
        var threads = new NamedThreads(failure -> System.err.println("Not removed: " + failure));
        Runtime.getRuntime().addShutdownHook(threads.unstarted("demo-exit", AtExit::closeAll));
    }

    private AtExit() {}

    /// Something with an orderly end.
    interface Leftover {
        void close() throws IOException;
    }

    static void add(Leftover leftover) {
        LEFTOVERS.add(leftover);
    }

    static void remove(Leftover leftover) {
        LEFTOVERS.remove(leftover);
    }

    private static void closeAll() {
        for (Leftover leftover : LEFTOVERS) {
            try {
                leftover.close();
            } catch (IOException e) {
                System.err.println("Not removed, but the next run will do it: " + e.getMessage());
            }
        }
    }
}
