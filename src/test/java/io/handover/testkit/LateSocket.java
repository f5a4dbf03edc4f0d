package io.handover.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import javax.net.SocketFactory;

/// Makes a log-in take long: the server has forked a backend, which waits for the client's first words. For the JDBC
/// driver's property `socketFactory`, with `sslmode=prefer`: the answer about TLS shows that the backend is there.
/// One at a time.
public final class LateSocket extends SocketFactory {

    private static volatile CountDownLatch forked = new CountDownLatch(1);
    private static volatile CountDownLatch mayGoOn = new CountDownLatch(1);

    /// Begins anew; before a connection is opened.
    public static void hold() {
        forked = new CountDownLatch(1);
        mayGoOn = new CountDownLatch(1);
    }

    /// Waits until the server's backend is there.
    public static void awaitFork() throws InterruptedException {
        forked.await();
    }

    /// Lets the log-in go on.
    public static void goOn() {
        mayGoOn.countDown();
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            private int writes;

            @Override
            public OutputStream getOutputStream() throws IOException {
                return new FilterOutputStream(super.getOutputStream()) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        if (++writes == 2) {
                            forked.countDown();
                            try {
                                mayGoOn.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        }
                        out.write(bytes, from, length);
                    }
                };
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
