package io.handover.pg;

/// Conditions that tell the user's own objects from PostgreSQL's, Handover's and the extensions'.
final class UserSchemas {

    /// For `pg_namespace n`. Names that begin with `pg_` are reserved by PostgreSQL, temporary schemas
    /// among them.
    static final String SCHEMA =
            "n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '" + HandoverSchema.NAME + "')";

    /// For `pg_class c`: what an extension made comes with the extension, not with the schema.
    static final String NOT_OF_EXTENSION = """
            not exists (
                select from pg_catalog.pg_depend x
                 where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid and x.deptype = 'e')""";

    private UserSchemas() {}
}
