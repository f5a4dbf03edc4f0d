package io.handover.engine;

import io.handover.model.Endpoint;
import io.handover.testkit.PgServer;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What a migration might change on the source for good: replica identities, the database's own settings, schemas,
/// publications, slots. As one text, to compare before and after.
final class Settings {

    private Settings() {}

    static String of(PgServer server, Endpoint endpoint) throws SQLException {
        try (var connection = server.open(endpoint.profile().database());
                var query = connection.prepareStatement("""
                        select string_agg(line, E'\\n' order by line) from (
                          select c.oid::regclass::text || ' identity ' || c.relreplident::text as line
                            from pg_class c where relkind in ('r', 'p') and relnamespace::regnamespace::text
                                 not in ('pg_catalog', 'information_schema')
                          union all select 'setting ' || array_to_string(setconfig, ',') from pg_db_role_setting
                           where setdatabase = (select oid from pg_database where datname = current_database())
                          union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_'
                          union all select 'publication ' || pubname from pg_publication
                          union all select 'slot ' || slot_name from pg_replication_slots
                           where database = current_database()
                          union all select 'subscription ' || subname from pg_subscription
                           where subdbid = (select oid from pg_database where datname = current_database())) x
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}
