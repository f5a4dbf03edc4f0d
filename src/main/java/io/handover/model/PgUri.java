package io.handover.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads libpq's connection URIs: `postgresql://user:password@host:port/database?sslmode=require`.
///
/// Source: the manual, "Connection URIs" in the chapter on libpq. Lists of several hosts are refused: a migration has
/// to know which server it talks to. The messages never quote the text, for it may hold a password.
public final class PgUri {

    private PgUri() {}

    /// Reads `text`; host, port, user and database have libpq's defaults (localhost, 5432, the database's name is the
    /// user's).
    ///
    /// @throws IllegalArgumentException in words for people, without the text itself
    public static Endpoint parse(String text) {
        String rest = text.strip();
        if (rest.startsWith("postgresql://")) {
            rest = rest.substring("postgresql://".length());
        } else if (rest.startsWith("postgres://")) {
            rest = rest.substring("postgres://".length());
        } else {
            throw new IllegalArgumentException("a connection URI begins with postgresql://");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        int question = rest.indexOf('?');
        if (question >= 0) {
            parameters = parameters(rest.substring(question + 1));
            rest = rest.substring(0, question);
        }
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : decoded(rest.substring(slash + 1));

        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        String user = decoded(colon < 0 ? login : login.substring(0, colon));
        String password = colon < 0 ? "" : decoded(login.substring(colon + 1));
        HostPort address = HostPort.of(authority.substring(at + 1));

        user = parameters.getOrDefault("user", user);
        password = parameters.getOrDefault("password", password);
        String host = parameters.getOrDefault("host", address.host());
        int port = parameters.containsKey("port") ? port(parameters.get("port")) : address.port();
        String database = parameters.getOrDefault("dbname", path);
        if (user.isEmpty()) {
            throw new IllegalArgumentException("the connection URI names no user");
        }
        if (host.contains(",")) {
            throw new IllegalArgumentException("the connection URI names several hosts; name the one to migrate");
        }
        var profile = new Profile(
                database.isEmpty() ? user : database,
                host.isEmpty() ? "localhost" : host,
                port,
                database.isEmpty() ? user : database,
                user,
                TlsMode.of(parameters.getOrDefault("sslmode", "prefer")),
                parameters.getOrDefault("sslrootcert", ""),
                Environment.UNTAGGED);
        return new Endpoint(profile, Secret.of(password));
    }

    private static Map<String, String> parameters(String query) {
        var found = new LinkedHashMap<String, String>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a parameter of the connection URI has no value");
            }
            found.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return found;
    }

    private static String decoded(String text) {
        try {
            // In a URI's path and login a plus sign is a plus sign, unlike in a form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a % in the connection URI is not followed by two hex digits");
        }
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the port of the connection URI is not a number");
        }
    }

    private record HostPort(String host, int port) {

        static HostPort of(String text) {
            if (text.startsWith("[")) {
                int end = text.indexOf(']');
                if (end < 0) {
                    throw new IllegalArgumentException("the address of the connection URI lacks its ]");
                }
                String after = text.substring(end + 1);
                return new HostPort(
                        text.substring(1, end), after.startsWith(":") ? PgUri.port(after.substring(1)) : 5432);
            }
            int colon = text.lastIndexOf(':');
            return colon < 0 || text.contains(",")
                    ? new HostPort(decoded(text), 5432)
                    : new HostPort(decoded(text.substring(0, colon)), PgUri.port(text.substring(colon + 1)));
        }
    }
}
