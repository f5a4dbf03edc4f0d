package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// How rows travel from server to server. Binary costs a seventh less; text is right for every type.
public enum CopyFormat {
    /// Values as the types' send functions give them.
    BINARY,
    /// Values as people read them.
    TEXT;

    /// Its word in `COPY … (FORMAT …)`.
    String word() {
        return this == BINARY ? "binary" : "text";
    }

    /// The tables, by OID, that must travel as text because of a type in one of their columns, however deep
    /// inside arrays, domains, composites and ranges:
    /// - `regclass` and its like: in binary form they are OIDs, which mean something else, or nothing,
    /// elsewhere;
    /// - types without a binary form;
    /// - for a target before 14, arrays and composites of the user's own types, whose OIDs it compares.
    ///
    /// Reads all user tables in one statement.
    static Set<Long> textTables(Connection source, int targetMajor) throws SQLException {
        var tables = new HashSet<Long>();
        try (PreparedStatement query =
                source.prepareStatement(query(source.getMetaData().getDatabaseMajorVersion()))) {
            query.setBoolean(1, targetMajor < 14);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getLong(1));
                }
            }
        }
        return tables;
    }

    private static String query(int sourceMajor) {
        return """
            with recursive used (rel, typ) as (
                select a.attrelid, a.atttypid
                  from pg_catalog.pg_attribute a
                  join pg_catalog.pg_class c on c.oid = a.attrelid
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where c.relkind = 'r' and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped and %s %s),
            -- of the few types that many tables have, what each is made of
            made (whole, typ) as (
                select u.typ, u.typ from used u
                union
                select m.whole, i.typ
                  from made m
                  join pg_catalog.pg_type t on t.oid = m.typ
                  cross join lateral (
                    select t.typelem where t.typelem <> 0 and t.typlen = -1
                    union all select t.typbasetype where t.typtype = 'd'
                    union all select f.atttypid from pg_catalog.pg_attribute f
                               where t.typtype = 'c' and f.attrelid = t.typrelid and f.attnum > 0
                                 and not f.attisdropped
                    union all select r.rngsubtype from pg_catalog.pg_range r where t.oid in (r.rngtypid%s)
                  ) as i (typ))
            select distinct u.rel
              from used u
              join made m on m.whole = u.typ
              join pg_catalog.pg_type t on t.oid = m.typ
             where t.typsend = 0 or t.typreceive = 0
                or t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
                   and (t.typname ~ '^reg' or t.typname = 'aclitem')
                or ? and (t.typlen = -1 and t.typelem >= 16384
                          or t.typtype = 'c' and exists (
                              select from pg_catalog.pg_attribute f
                               where f.attrelid = t.typrelid and f.attnum > 0 and f.atttypid >= 16384))
            """.formatted(
                        UserSchemas.SCHEMA,
                        sourceMajor >= 12 ? "and a.attgenerated = ''" : "",
                        sourceMajor >= 14 ? ", r.rngmultitypid" : "");
    }
}
