package io.handover.benchmark;

import io.handover.model.Endpoint;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The database to move and the empty one it goes to, with what every tool needs to know of them.
///
/// @param source server of the source
/// @param from   its database
/// @param target server of the target
/// @param to     its database, empty
/// @param jobs   how many at once
/// @param folder empty, for a tool's files
record Databases(PgServer source, String from, PgServer target, String to, int jobs, Path folder) {

    Endpoint sourceEndpoint() {
        return source.endpoint(from);
    }

    Endpoint targetEndpoint() {
        return target.endpoint(to);
    }

    /// As libpq takes it; the passwords are in a file that only we can read.
    static String uri(Endpoint endpoint) {
        var profile = endpoint.profile();
        return "postgresql://" + profile.user() + "@" + profile.host() + ":" + profile.port() + "/"
                + profile.database();
    }

    String sourceUri() {
        return uri(sourceEndpoint());
    }

    String targetUri() {
        return uri(targetEndpoint());
    }

    /// What makes a copy count as one.
    ///
    /// @param rowsOnly without the numbers of indexes and keys
    List<String> contents(boolean ofTarget, boolean rowsOnly) throws SQLException {
        var found = new ArrayList<String>();
        var tables = new ArrayList<String>();
        try (var db = ofTarget ? target.open(to) : source.open(from);
                var sql = db.createStatement()) {
            try (var row = sql.executeQuery("""
                    select relname, (select count(*) from pg_index i where i.indrelid = c.oid and indisvalid),
                           (select count(*) from pg_constraint k where k.conrelid = c.oid and contype in ('p', 'f', 'u')
                               and convalidated)
                      from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1""")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                    found.add(row.getString(1) + (rowsOnly ? "" : " " + row.getInt(2) + " " + row.getInt(3)));
                }
            }
            for (String table : tables) {
                try (var row = sql.executeQuery("select count(*) from " + table)) {
                    row.next();
                    found.add(table + ": " + row.getLong(1));
                }
            }
        }
        return found;
    }
}
