package io.handover;

import io.handover.engine.EngineDesk;
import io.handover.flow.NamedThreads;
import io.handover.store.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every long-lived object, made in order and closed in reverse.
final class Wiring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final InstantSource clock = Clock.systemUTC();
    private final NamedThreads threads = new NamedThreads(e -> LOG.error("a thread died of what nobody had caught", e));
    private final Store store;
    private final EngineDesk desk;

    /// Uses `folders`; makes no connection and no thread that keeps the program alive.
    Wiring(Folders folders, Map<String, String> environment) {
        this.store = Store.open(
                folders.config(), environment, System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
        this.desk = new EngineDesk(folders.state().resolve("migrations"), clock, threads, who(), store.consoles());
    }

    InstantSource clock() {
        return clock;
    }

    NamedThreads threads() {
        return threads;
    }

    Store store() {
        return store;
    }

    EngineDesk desk() {
        return desk;
    }

    @Override
    public void close() {
        desk.close();
    }

    /// User and host, for the journal: a colleague who takes over should see whom to ask.
    private static String who() {
        String user = System.getProperty("user.name", "unknown");
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.info("this computer does not know its own name: {}", e.getMessage());
            return user;
        }
    }
}
