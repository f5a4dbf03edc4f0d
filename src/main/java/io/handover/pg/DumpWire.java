package io.handover.pg;

import io.handover.model.Endpoint;
import io.handover.model.TlsMode;
import io.handover.pg.wasm.Wire;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.core.PGStream;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.ssl.MakeSSL;
import org.postgresql.util.HostSpec;

/// The built-in `pg_dump`'s connection to the source: pgjdbc's own socket and TLS, so that certificates and host
/// names are judged exactly as for Handover's other connections. One thread reads and writes, any may `cancel`
/// and `close`.
final class DumpWire implements Wire, Closeable {

    /// For the connection and again for each answer until the server is ready, in milliseconds.
    private static final int PATIENCE = 10_000;

    private static final int SSL_REQUEST_HIGH = 1_234;
    private static final int SSL_REQUEST_LOW = 5_679;

    private final Endpoint source;
    private final Socket socket;
    private final boolean encrypted;
    private final ServerGreeting greeting = new ServerGreeting();
    private boolean begun;
    private boolean patient;

    private DumpWire(Endpoint source, Socket socket, boolean encrypted) {
        this.source = source;
        this.socket = socket;
        this.encrypted = encrypted;
    }

    /// Connects, by TLS as the profile wants it.
    ///
    /// @param tls false to do without, which the profile must allow
    static DumpWire open(Endpoint source, boolean tls) throws IOException {
        Properties info = Server.properties(source, "schema");
        var host = new HostSpec(source.profile().host(), source.profile().port());
        try {
            var stream = new PGStream(SocketFactoryFactory.getSocketFactory(info), host, PATIENCE, 8_192);
            try {
                stream.getSocket().setSoTimeout(PATIENCE);
                stream.getSocket().setTcpNoDelay(true);
                stream.getSocket().setKeepAlive(true);
                boolean encrypted =
                        tls && encrypt(stream, info, source.profile().tls());
                return new DumpWire(source, stream.getSocket(), encrypted);
            } catch (IOException | SQLException | RuntimeException e) {
                stream.getSocket().close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean encrypt(PGStream stream, Properties info, TlsMode mode) throws IOException, SQLException {
        stream.sendInteger4(8);
        stream.sendInteger2(SSL_REQUEST_HIGH);
        stream.sendInteger2(SSL_REQUEST_LOW);
        stream.flush();
        if (stream.receiveChar() == 'S') {
            if (stream.hasMessagePending()) {
                throw new IOException("somebody has put words into the connection before it was encrypted");
            }
            MakeSSL.convert(stream, info);
            return true;
        }
        if (mode == TlsMode.PREFER) {
            return false;
        }
        throw new IOException("the server does not support TLS");
    }

    @Override
    public int read(byte[] into) throws IOException {
        int length;
        try {
            length = begun ? socket.getInputStream().read(into) : readFirst(into);
        } catch (SocketTimeoutException e) {
            throw new IOException("the server did not answer in " + PATIENCE / 1_000 + " s", e);
        }
        if (length > 0 && !patient) {
            greeting.read(into, length);
            if (greeting.isReady()) {
                socket.setSoTimeout(0); // a query may wait for a lock
                patient = true;
            }
        }
        return length;
    }

    /// libpq reads into a buffer of some kilobytes, which the first message always fits.
    private int readFirst(byte[] into) throws IOException {
        begun = true;
        byte[] first = SaslOffer.readFirst(socket.getInputStream());
        System.arraycopy(first, 0, into, 0, first.length);
        return first.length == 0 ? -1 : first.length;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// True if it is TLS.
    boolean isEncrypted() {
        return encrypted;
    }

    /// SQLSTATE with which the server refused the login; empty if it did not.
    String refusal() {
        return greeting.sqlState();
    }

    /// Ends what the backend runs, by a connection as safe as this one; a backend that waits for a lock does not
    /// see that its client has gone.
    void cancel() throws IOException {
        byte[] request = greeting.cancelRequest();
        if (request.length > 0) {
            try (DumpWire other = open(source, encrypted)) {
                other.write(request);
                other.socket.getInputStream().read(); // the server closes it when it has passed the word on
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
