package io.handover.model;

import java.util.Set;

/// Reads libpq's connection URIs: `postgresql://user:password@host:port/database?sslmode=require`.
///
/// Source: the manual, "Connection URIs" in the chapter on libpq. Lists of several hosts are refused: a migration has
/// to know which server it talks to. The messages never quote the text, for it may hold a password.
public final class PgUri {

    /// Parameters of libpq, and pgjdbc's, that change neither whom one talks to nor how safely.
    private static final Set<String> HARMLESS = Set.of(
            "application_name",
            "fallback_application_name",
            "connect_timeout",
            "client_encoding",
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "sslcompression",
            "sslsni",
            "load_balance_hosts",
            "ApplicationName",
            "connectTimeout",
            "loginTimeout",
            "socketTimeout",
            "tcpKeepAlive",
            "prepareThreshold",
            "reWriteBatchedInserts",
            "stringtype",
            "defaultRowFetchSize",
            "autosave");

    /// Parameters that do, and that Handover does not know how to obey.
    private static final Set<String> NOT_OBEYED = Set.of(
            "channel_binding",
            "gssencmode",
            "krbsrvname",
            "options",
            "passfile",
            "replication",
            "require_auth",
            "requirepeer",
            "service",
            "servicefile",
            "ssl_max_protocol_version",
            "ssl_min_protocol_version",
            "sslcert",
            "sslcrl",
            "sslcrldir",
            "sslkey",
            "sslnegotiation",
            "sslpassword",
            "target_session_attrs",
            "currentSchema");

    private PgUri() {}

    /// Whether the parameter `name` changes neither the server, nor the database, nor the encryption.
    public static boolean isHarmless(String name) {
        return HARMLESS.contains(name);
    }

    /// Whether the parameter `name` is one of PostgreSQL's that matters and that Handover does not know how to obey.
    public static boolean cannotObey(String name) {
        return NOT_OBEYED.contains(name);
    }

    /// Reads `text`; host, port, user and database have libpq's defaults (localhost, 5432, the database's
    /// name is the user's). A parameter that would change the server, the database or the encryption, and
    /// one that nobody knows, is refused: with a typing error in `sslmode` a connection would be less safe
    /// than it looks.
    ///
    /// @throws IllegalArgumentException in words for people, without the text itself
    public static Endpoint parse(String text) {
        if (ConnectionUri.withoutScheme(text.strip()).isEmpty()) {
            throw new IllegalArgumentException("a connection URI begins with postgresql://");
        }
        var said = ConnectionText.parse(text);
        said.passedOver().stream().filter(name -> !isHarmless(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    cannotObey(name)
                            ? "Handover cannot obey the parameter " + name + ": leave it out if it may be left out"
                            : "a parameter behind the ? is none of PostgreSQL's; is one of the names misspelled? In a"
                                    + " password, write %3F for ?, %26 for & and %40 for @");
        });
        if (said.user().isEmpty()) {
            throw new IllegalArgumentException("the connection URI names no user");
        }
        var name = said.database().isEmpty() ? said.user() : said.database();
        return new Endpoint(said.profile(name, Environment.UNTAGGED), said.password());
    }
}
