package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a schema may have that servers since some version lack, or take for something else. `pg_upgrade` refuses the
/// same things (its manual's page, and `check.c`); `pg_dump` writes them down all the same, and the newer server
/// refuses
/// that, or drops it without a word.
///
/// Each list is of names for people, in their order, and empty where there is nothing or `connection` is to a server of
/// `since` or later.
public enum GoneSince {
    /// Tables `WITH OIDS`: the column `oid` is left out without a word (`pg_class.relhasoids`).
    OIDS(12, """
            select n.nspname || '.' || c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relhasoids and %s and %s
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION)),
    /// Columns of tables and composite types of a type for times that is gone, or a domain over or an array of it.
    TIMES(12, """
            select n.nspname || '.' || c.relname || '.' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, null)
              from pg_catalog.pg_attribute a
              join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'c', 'f', 'm')
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_type t on t.oid = a.atttypid
             where a.attnum > 0 and not a.attisdropped and %s and %s
               and exists (select from pg_catalog.pg_type g
                            where g.oid in (t.oid, t.typelem, t.typbasetype)
                              and g.typname in ('abstime', 'reltime', 'tinterval')
                              and g.typnamespace = 'pg_catalog'::pg_catalog.regnamespace)
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION)),
    /// Operators behind their operand, as in `5 !`.
    POSTFIX_OPERATORS(14, """
            select n.nspname || '.' || o.oprname || ' (' || pg_catalog.format_type(o.oprleft, null) || ')'
              from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
             where o.oprkind = 'r' and %s and not exists (
                 select from pg_catalog.pg_depend x where x.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                    and x.objid = o.oid and x.deptype = 'e')
            """.formatted(UserSchemas.SCHEMA)),
    /// Aggregates and operators made of functions over arrays that take other types now, as `array_append`.
    ARRAY_FUNCTIONS(14, """
            with taken(oid) as (
                select f::pg_catalog.regprocedure::pg_catalog.oid from unnest(array[
                    'array_append(anyarray,anyelement)', 'array_cat(anyarray,anyarray)',
                    'array_prepend(anyelement,anyarray)', 'array_remove(anyarray,anyelement)',
                    'array_replace(anyarray,anyelement,anyelement)', 'array_position(anyarray,anyelement)',
                    'array_position(anyarray,anyelement,integer)', 'array_positions(anyarray,anyelement)',
                    'width_bucket(anyelement,anyarray)']) f)
            select n.nspname || '.' || p.proname || ' (aggregate)'
              from pg_catalog.pg_aggregate a
              join pg_catalog.pg_proc p on p.oid = a.aggfnoid
              join pg_catalog.pg_namespace n on n.oid = p.pronamespace
             where %1$s and (a.aggtransfn in (select oid from taken) or a.aggfinalfn in (select oid from taken))
             union all
            select n.nspname || '.' || o.oprname || ' (operator)'
              from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
             where %1$s and o.oprcode in (select oid from taken)
            """.formatted(UserSchemas.SCHEMA)),
    /// Conversions between encodings whose functions have another form now.
    CONVERSIONS(14, """
            select n.nspname || '.' || v.conname
              from pg_catalog.pg_conversion v join pg_catalog.pg_namespace n on n.oid = v.connamespace
             where %s and not exists (
                 select from pg_catalog.pg_depend x where x.classid = 'pg_catalog.pg_conversion'::pg_catalog.regclass
                    and x.objid = v.oid and x.deptype = 'e')
            """.formatted(UserSchemas.SCHEMA));

    private final int since;
    private final String sql;

    GoneSince(int since, String sql) {
        this.since = since;
        this.sql = sql;
    }

    /// The first major version without it.
    public int since() {
        return since;
    }

    /// What there is of it on a source, whichever its version.
    public List<String> on(Connection connection) throws SQLException {
        var names = new ArrayList<String>();
        if (connection.getMetaData().getDatabaseMajorVersion() < since) {
            try (PreparedStatement query = connection.prepareStatement(sql);
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            names.sort(null);
        }
        return names;
    }
}
