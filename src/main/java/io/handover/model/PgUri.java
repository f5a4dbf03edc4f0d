package io.handover.model;

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
        if (ConnectionUri.withoutScheme(text.strip()).isEmpty()) {
            throw new IllegalArgumentException("a connection URI begins with postgresql://");
        }
        var said = ConnectionText.parse(text);
        if (said.user().isEmpty()) {
            throw new IllegalArgumentException("the connection URI names no user");
        }
        var name = said.database().isEmpty() ? said.user() : said.database();
        return new Endpoint(said.profile(name, Environment.UNTAGGED), said.password());
    }
}
