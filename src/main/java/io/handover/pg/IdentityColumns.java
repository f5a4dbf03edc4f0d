package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Which tables have columns that keep a replica identity from working, whatever it is or would be. User tables that
/// hold rows themselves, in name order. Any thread.
public final class IdentityColumns {

    /// `attgenerated` is younger than the oldest source.
    private static final int GENERATED_SINCE = 12;

    /// As the server looks for an equality operator (`lookup_type_cache`): a domain has that of its base, an
    /// array that of its elements, a row type needs one for each column, everything else a default operator class
    /// for btree or hash, its own or one of a type that it can be taken for as it stands.
    private static final String WITHOUT_EQUALITY = """
            with recursive parts (root, part) as (
                select distinct a.atttypid, a.atttypid
                  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
                 where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
                union
                select p.root, s.part
                  from parts p
                  join pg_catalog.pg_type t on t.oid = p.part
                 cross join lateral (
                      select t.typbasetype where t.typtype = 'd'
                       union all
                      select t.typelem where t.typtype = 'b' and t.typlen = -1 and t.typelem <> 0
                       union all
                      select a.atttypid from pg_catalog.pg_attribute a
                       where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0
                         and not a.attisdropped) s (part)),
            comparable as (
                select o.opcintype as type
                  from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
                 where o.opcdefault and m.amname in ('btree', 'hash')),
            without as (
                select p.root
                  from parts p join pg_catalog.pg_type t on t.oid = p.part
                 where t.typtype = 'b' and not (t.typlen = -1 and t.typelem <> 0)
                   and t.oid not in (select type from comparable)
                   and not exists (select from pg_catalog.pg_cast k
                                    where k.castsource = t.oid and k.castmethod = 'b' and k.castcontext = 'i'
                                      and k.casttarget in (select type from comparable)))
            select n.nspname, c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and %s and %s
               and exists (select from pg_catalog.pg_attribute a
                            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                              and a.atttypid in (select root from without))
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private static final String WITH_GENERATED = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and %s and %s
               and exists (select from pg_catalog.pg_attribute a
                            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                              and a.attgenerated <> '')
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private static final String GENERATED_KEYS = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_index i on i.indrelid = c.oid
             where c.relkind = 'r' and %s and %s
               and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
               and exists (select from pg_catalog.pg_attribute a
                            where a.attrelid = c.oid and a.attgenerated <> ''
                              and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private IdentityColumns() {}

    /// Tables with a column whose type has no equality (`json`, `xml`, `point` …, and what is made of them): with
    /// identity `FULL` the other side could not find the rows to update.
    public static Set<TableRef> withoutEquality(Connection connection) throws SQLException {
        return tables(connection, WITHOUT_EQUALITY);
    }

    /// Tables with a generated column, stored or virtual.
    public static Set<TableRef> withGenerated(Connection connection) throws SQLException {
        return generated(connection) ? tables(connection, WITH_GENERATED) : Set.of();
    }

    /// Tables whose identity is a primary key or an index with a generated column in it. No stream carries that column
    /// unless it is told to, and then a side on which it is generated too refuses it.
    public static Set<TableRef> generatedKeys(Connection connection) throws SQLException {
        return generated(connection) ? tables(connection, GENERATED_KEYS) : Set.of();
    }

    private static boolean generated(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= GENERATED_SINCE;
    }

    private static Set<TableRef> tables(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            var tables = new LinkedHashSet<TableRef>();
            while (row.next()) {
                tables.add(new TableRef(row.getString(1), row.getString(2)));
            }
            return tables;
        }
    }
}
