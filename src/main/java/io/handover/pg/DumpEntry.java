package io.handover.pg;

import java.util.List;

/// One entry of a schema dump: an object, or something said about one.
///
/// Names are as the dump's headings have them: a line break in one is a space there. They are for people;
/// who needs the exact name takes it from `sql`.
///
/// @param number       place in the dump, from 0
/// @param id           `pg_dump`'s own number for it
/// @param objectClass  the source's OID of its catalogue, for example 1259 for `pg_class`; 0 for no object
/// of its own
/// @param object       the source's OID of the object; 0 for none
/// @param dependencies ids of entries it belongs to; only for those without an object, for example comments
/// @param name         its heading, for example `cust`, or `cust cust_pkey` for a constraint
/// @param type         `TABLE`, `FK CONSTRAINT`, `COMMENT` …
/// @param schema       `-` if it has none
/// @param owner        `-` if owners are not kept
/// @param tablespace   unquoted; empty for the database's default
/// @param accessMethod the table access method, unquoted; empty if the dump does not say
/// @param sql          its statements, each with a semicolon; never empty
/// @param section      when it is run
public record DumpEntry(
        int number,
        int id,
        long objectClass,
        long object,
        List<Integer> dependencies,
        String name,
        String type,
        String schema,
        String owner,
        String tablespace,
        String accessMethod,
        String sql,
        DumpSection section) {

    /// Copies the list.
    public DumpEntry {
        dependencies = List.copyOf(dependencies);
    }

    /// Type, schema and name, for people.
    public String display() {
        return type + " " + (schema.equals("-") ? "" : schema + ".") + name;
    }

    /// The same in another section.
    DumpEntry in(DumpSection other) {
        return new DumpEntry(
                number,
                id,
                objectClass,
                object,
                dependencies,
                name,
                type,
                schema,
                owner,
                tablespace,
                accessMethod,
                sql,
                other);
    }

    /// The same with other statements, which do the same or a part of it.
    DumpEntry as(String otherSql) {
        return new DumpEntry(
                number,
                id,
                objectClass,
                object,
                dependencies,
                name,
                type,
                schema,
                owner,
                tablespace,
                accessMethod,
                otherSql,
                section);
    }
}
