package io.handover.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a pasted connection string says, and no more: what it leaves out is empty, for the form or the
/// defaults to fill
/// in.
///
/// @param host            empty if not said
/// @param port            0 if not said
/// @param database        empty if not said
/// @param user            empty if not said
/// @param password        none if not said
/// @param tls             empty if not said
/// @param rootCertificate empty if not said
/// @param passedOver      names of parameters that mean nothing to Handover, in order
public record ConnectionText(
        String host,
        int port,
        String database,
        String user,
        Secret password,
        Optional<TlsMode> tls,
        String rootCertificate,
        List<String> passedOver) {

    /// Copies the list.
    public ConnectionText {
        passedOver = List.copyOf(passedOver);
    }

    /// Reads `postgresql://` and `postgres://` URIs, the same with `jdbc:` before them, and libpq's `host=…
    /// dbname=…`.
    ///
    /// @throws IllegalArgumentException if it cannot be understood, in words for people and without the password
    public static ConnectionText parse(String text) {
        var whole = text.strip();
        return of(ConnectionUri.withoutScheme(whole)
                .map(ConnectionUri::parse)
                .orElseGet(() -> ConnectionWords.parse(whole)));
    }

    /// True if `text` looks like something `parse` understands: for a field into which people paste.
    public static boolean looksLikeOne(String text) {
        var whole = text.strip();
        return ConnectionUri.withoutScheme(whole).isPresent()
                || whole.matches("(?s)(host|hostaddr|dbname|user|port|service)\\s*=.*");
    }

    /// From libpq's keywords, for example `dbname` and `sslmode`.
    ///
    /// @throws IllegalArgumentException if a value cannot be, in words for people
    public static ConnectionText of(Map<String, String> words) {
        String host = "";
        int port = 0;
        String database = "";
        String user = "";
        Secret password = Secret.none();
        Optional<TlsMode> tls = Optional.empty();
        String certificate = "";
        var passedOver = new ArrayList<String>();
        for (var entry : words.entrySet()) {
            String value = entry.getValue();
            switch (entry.getKey()) {
                case "host", "hostaddr" ->
                    host = host.isEmpty() || entry.getKey().equals("host") ? value : host;
                case "port" -> port = port(value);
                case "dbname" -> database = value;
                case "user" -> user = value;
                case "password" -> password = Secret.of(value);
                case "sslmode" -> tls = Optional.of(TlsMode.of(value.toLowerCase(Locale.ROOT)));
                // pgjdbc's own; it means verify-full there
                case "ssl" ->
                    tls = tls.or(() -> value.equals("false") ? Optional.empty() : Optional.of(TlsMode.VERIFY_FULL));
                case "requiressl" ->
                    tls = tls.or(() -> value.equals("1") ? Optional.of(TlsMode.REQUIRE) : Optional.empty());
                case "gssencmode", "channel_binding" -> { // disable and prefer are what Handover does anyway
                    if (value.equals("require")) {
                        passedOver.add(entry.getKey());
                    }
                }
                // libpq's word for the authorities of the operating system, which an empty path means here
                case "sslrootcert" -> certificate = value.equals("system") ? "" : value;
                default -> passedOver.add(entry.getKey());
            }
        }
        if (host.contains(",")) {
            throw new IllegalArgumentException(
                    "more than one host: Handover has to know which server it moves; keep one");
        }
        if (host.startsWith("/") || host.startsWith("@")) {
            throw new IllegalArgumentException("the host is a socket folder: Handover connects over TCP; write a host"
                    + " name or address, localhost for this computer");
        }
        return new ConnectionText(host, port, database, user, password, tls, certificate, passedOver);
    }

    /// A profile, with libpq's defaults where nothing is said: this computer, 5432, the database named like the user.
    ///
    /// @throws IllegalArgumentException if there is no user
    public Profile profile(String name, Environment environment) {
        return new Profile(
                name,
                host.isEmpty() ? "localhost" : host,
                port == 0 ? 5432 : port,
                database.isEmpty() ? user : database,
                user,
                tls.orElse(TlsMode.PREFER),
                rootCertificate,
                environment);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below, as for a number out of range
        }
        // not quoted: of a password with an unescaped / or ? its beginning stands where the port should
        throw new IllegalArgumentException("the port must be a number from 1 to 65535");
    }
}
