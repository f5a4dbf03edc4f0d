package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Refuses changes of the schema on a server that has handed the data over or is about to, whatever the
/// session says of itself: rows in a table that is made there would be lost, since locks and `WriteGuard` are
/// on the tables that were there.
///
/// Two event triggers and one function that looks at the mark first, so that they do nothing at all while the server
/// owns its data. Temporary tables pass, Handover's own sessions, and what a person needs to take the rest of a
/// migration away by hand: subscriptions, publications, the schema `handover`. Only a superuser may make event
/// triggers,
/// and where a provider allows it his administrator. `ALTER EVENT TRIGGER … DISABLE` is never stopped by one (manual,
/// "Overview of Event Trigger Behavior"), so nobody locks himself out.
public final class SchemaGuard {

    private static final String MADE = "handover_guard_made";
    private static final String DROPPED = "handover_guard_dropped";

    private static final String FUNCTION = """
            create or replace function handover.guard_schema() returns event_trigger language plpgsql security definer
            set search_path = pg_catalog, pg_temp as $guard$
            declare
              lasting boolean;
            begin
              if current_setting('application_name') like 'handover%'
                 or tg_tag like '%SUBSCRIPTION' or tg_tag like '%PUBLICATION'
                 or not exists (select from handover.mark where id = 1 and state in ('handing_over', 'handed_over')) then
                return;
              end if;
              if tg_event = 'sql_drop' then
                select exists (select from pg_event_trigger_dropped_objects() where original and not is_temporary
                                  and coalesce(schema_name, object_name, '') <> 'handover')
                  into lasting;
              else
                select exists (select from pg_event_trigger_ddl_commands() where schema_name is distinct from 'pg_temp')
                  into lasting;
              end if;
              if lasting then
                raise exception 'this database was handed over to another server, % would be lost', tg_tag
                  using errcode = 'read_only_sql_transaction', hint = 'Connect to the new server.';
              end if;
            end $guard$
            """;

    /// A superuser, or whomever the provider lets, hears that there is no such function, others that they may not.
    private static final String TRIAL = """
            do $handover$
            begin
              execute 'create event trigger handover_guard_trial on ddl_command_end'
                      ' execute procedure pg_catalog.handover_guard_trial()';
            exception
              when undefined_function then perform pg_catalog.set_config('handover.may_guard', 'yes', false);
              when insufficient_privilege then perform pg_catalog.set_config('handover.may_guard', 'no', false);
            end
            $handover$""";

    private SchemaGuard() {}

    /// Whether `make` would succeed. The server is asked by trying, because no catalogue says whom a provider lets
    /// make event triggers; with a function that there is not, so nothing is made and no lock is taken, and within
    /// a block, so that the server's log stays as it is.
    public static boolean possible(Connection connection) throws SQLException {
        if (there(connection, MADE) && there(connection, DROPPED)) {
            return true;
        }
        try (Statement sql = connection.createStatement()) {
            sql.execute(TRIAL);
            try (ResultSet row = sql.executeQuery("select current_setting('handover.may_guard')")) {
                row.next();
                return row.getString(1).equals("yes");
            }
        }
    }

    /// Makes it where it is missing.
    ///
    /// @param session autocommit on; to a server that has the schema `handover`
    /// @return false if the role may not: then the schema is guarded by the read-only default alone
    public static boolean make(DbSession session) throws SQLException {
        try {
            session.inTransaction(s -> {
                s.change(FUNCTION);
                s.change("revoke all on function handover.guard_schema() from public");
                for (String[] guard : new String[][] {{MADE, "ddl_command_end"}, {DROPPED, "sql_drop"}}) {
                    if (!there(s.jdbc(), guard[0])) {
                        s.change("create event trigger " + guard[0] + " on " + guard[1]
                                + " execute procedure handover.guard_schema()");
                        s.change("alter event trigger " + guard[0] + " enable always");
                    }
                }
                return true;
            });
            return true;
        } catch (SQLException e) {
            if (SqlFailure.notPermitted(e)) {
                return false;
            }
            throw e;
        }
    }

    /// Takes it away; its absence is no error.
    static void drop(DbSession session) throws SQLException {
        for (String guard : List.of(MADE, DROPPED)) {
            if (there(session.jdbc(), guard)) {
                session.change("drop event trigger if exists " + guard);
            }
        }
    }

    private static boolean there(Connection connection, String name) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from pg_catalog.pg_event_trigger where evtname = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }
}
