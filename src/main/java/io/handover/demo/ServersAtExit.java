package io.handover.demo;

import io.handover.flow.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Ends the servers that are still there when the JVM ends in good order. After a `SIGKILL` the next run does it.
final class ServersAtExit {

    private static final Set<DemoServer> SERVERS = ConcurrentHashMap.newKeySet();

    static {
        // the log is closed when this runs
        var threads = new NamedThreads(failure -> System.err.println("Servers not ended: " + failure));
        Runtime.getRuntime().addShutdownHook(threads.unstarted("demo-servers-exit", ServersAtExit::closeAll));
    }

    private ServersAtExit() {}

    static void add(DemoServer server) {
        SERVERS.add(server);
    }

    static void remove(DemoServer server) {
        SERVERS.remove(server);
    }

    private static void closeAll() {
        for (DemoServer server : List.copyOf(SERVERS)) {
            try {
                server.close();
            } catch (IOException e) {
                // the next run cleans up
                System.err.println("PostgreSQL " + server.major() + " was not ended: " + e.getMessage());
            }
        }
    }
}
