package io.handover.model;

/// How to reach one database, without any secret: what colleagues may share.
///
/// @param name            the user's name for it; not blank
/// @param host            host name or address
/// @param port            1 to 65535
/// @param database        database name, unquoted
/// @param user            role name, unquoted
/// @param tls             how much TLS is insisted on
/// @param rootCertificate file with the certificate authority; empty for the system's
/// @param environment     what the server is for
public record Profile(
        String name,
        String host,
        int port,
        String database,
        String user,
        TlsMode tls,
        String rootCertificate,
        Environment environment) {

    /// Refuses what no connection could be made of, in words for the form.
    public Profile {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the profile needs a name");
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is missing");
        }
        if (!isHost(host)) {
            throw new IllegalArgumentException("the host must be a name or an address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port must be 1 to 65535, not " + port);
        }
        if (database.isEmpty()) {
            throw new IllegalArgumentException("the database is missing");
        }
        if (user.isEmpty()) {
            throw new IllegalArgumentException("the user is missing");
        }
    }

    /// Whether `text` can be a host's name or address. A socket folder, a list of hosts, and what would be
    /// read as another part of a connection URI cannot.
    public static boolean isHost(String text) {
        return !text.isBlank() && text.chars().noneMatch(c -> c <= ' ' || "/?#&,@\\'\"".indexOf(c) >= 0);
    }

    /// `host:port/database`, for people.
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
    }

    /// Whether `other` leads to the same database by the same address, whoever logs in.
    public boolean sameDatabase(Profile other) {
        return host.equalsIgnoreCase(other.host) && port == other.port && database.equals(other.database);
    }

    /// The same connection under another name.
    public Profile named(String newName) {
        return new Profile(newName, host, port, database, user, tls, rootCertificate, environment);
    }
}
