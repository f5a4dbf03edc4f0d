package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to a server that leads through this program, byte by byte, encrypted or not: so that what another
/// program reads there can be held and paced. It stands still as anything does that waits for a full line;
/// the server's backend waits with it, and nobody is broken off.
///
/// Only this computer can come in, and whoever does has to log in as he would have to without it. A
/// connection's first bytes are never held: who logs in waits for an answer for a few seconds only.
final class PacedRelay implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int FREE = 64 * 1024;
    private static final int PART = 64 * 1024;

    private final Profile server;
    private final NamedThreads threads;
    private final Pace pace;
    private final Gate gate;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Optional<IOException> failure = Optional.empty();

    /// @param pace in bytes that come from the server
    /// @param gate what comes from the server waits here
    PacedRelay(Profile server, NamedThreads threads, Pace pace, Gate gate) throws IOException {
        this.server = server;
        this.threads = threads;
        this.pace = pace;
        this.gate = gate;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.start("relay", this::admit);
    }

    /// Where to come in.
    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    /// Why the server could not be reached; empty if it could, or nobody has asked.
    Optional<IOException> failure() {
        return failure;
    }

    /// Ends it, and all connections.
    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void admit() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                threads.start("relay connection", () -> connect(client));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket there = reach();
            open.add(there);
            if (door.isClosed()) {
                end(client, there);
                return;
            }
            threads.start("relay back", () -> pass(there, client, true));
            pass(client, there, false);
        } catch (IOException e) {
            failure = Optional.of(e);
            end(client, client);
        }
    }

    /// By any of the addresses of its name, as libpq itself would.
    private Socket reach() throws IOException {
        IOException last = new IOException(server.host() + " has no address");
        for (InetAddress address : InetAddress.getAllByName(server.host())) {
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, server.port()), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private void pass(Socket from, Socket to, boolean held) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var part = new byte[PART];
            long passed = 0;
            for (int read; (read = in.read(part)) > 0; passed += read) {
                if (held && passed > FREE) {
                    pace.await(gate);
                    pace.done(read);
                }
                out.write(part, 0, read);
            }
        } catch (IOException | StoppedException _) {
            // one of the two has gone, which the other learns by the end of its connection
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        for (Socket socket : List.of(one, other)) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException _) {
                // closed already, which is what was wanted
            }
        }
    }
}
