package io.handover.model;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// A PgBouncer in front of the databases: it is told to hold its clients back while the data change hands.
///
/// @param console  its administration console; the database is always `pgbouncer`
/// @param database the database to pause, as its clients name it
public record Pooler(Profile console, String database) {

    /// The name of the console's database.
    public static final String CONSOLE = "pgbouncer";

    private static final int PORT = 6432;

    /// Refuses a console that is none, and a database without a name.
    public Pooler {
        if (!console.database().equals(CONSOLE)) {
            throw new IllegalArgumentException("the console of PgBouncer is the database " + CONSOLE);
        }
        if (database.isBlank() || database.equals(CONSOLE)) {
            throw new IllegalArgumentException("the database that PgBouncer is to pause is missing");
        }
    }

    /// Reads `postgresql://user@host:port/database`: the user of the console, and the database to pause. Port 6432 and
    /// `usual` if they are not said.
    ///
    /// @param usual the source's database name
    /// @throws IllegalArgumentException in words for people; a password is refused: it would be kept with the plan
    public static Pooler parse(String text, String usual) {
        if (ConnectionUri.withoutScheme(text.strip()).isEmpty()) {
            throw new IllegalArgumentException(
                    "PgBouncer's console is named like postgresql://user@host:6432/database");
        }
        ConnectionText said = ConnectionText.parse(text);
        if (!said.password().isNone()) {
            throw new IllegalArgumentException(
                    "leave the password out of PgBouncer's address: it would be kept with the" + " plan");
        }
        String user = said.user().isEmpty() ? CONSOLE : said.user();
        var profile = new Profile(
                "PgBouncer",
                said.host().isEmpty() ? "localhost" : said.host(),
                said.port() == 0 ? PORT : said.port(),
                CONSOLE,
                user,
                said.tls().orElse(TlsMode.PREFER),
                said.rootCertificate(),
                Environment.UNTAGGED);
        boolean named = !said.database().isEmpty() && !said.database().equals(CONSOLE);
        return new Pooler(profile, named ? said.database() : usual);
    }

    /// What `parse` reads.
    public String uri() {
        String host = console.host().contains(":") ? "[" + console.host() + "]" : console.host();
        String tls = console.tls() == TlsMode.PREFER
                ? ""
                : "?sslmode=" + console.tls().word();
        String root = console.rootCertificate().isEmpty()
                ? ""
                : (tls.isEmpty() ? "?" : "&") + "sslrootcert=" + encoded(console.rootCertificate());
        return "postgresql://" + encoded(console.user()) + "@" + host + ":" + console.port() + "/" + encoded(database)
                + tls + root;
    }

    /// For people: `PgBouncer host:port`.
    public String words() {
        String host = console.host().contains(":") ? "[" + console.host() + "]" : console.host();
        return "PgBouncer " + host + ":" + console.port();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
