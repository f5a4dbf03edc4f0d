package io.handover.pg;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What was on the target before Handover made anything there, so that discard can take away exactly what came since:
/// `handover.objects_before`, filled in the transaction that makes the schema.
public final class TargetBefore {

    /// Everything one can drop by name, made after the cluster, not part of an extension and not of Handover's own.
    private static final String OBJECTS = """
            select o.classid, o.objid from (
              select 'pg_namespace'::pg_catalog.regclass::oid as classid, oid as objid, nspname as schema
                from pg_catalog.pg_namespace
              union all select 'pg_class'::pg_catalog.regclass, c.oid, c.relnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
              union all select 'pg_type'::pg_catalog.regclass, t.oid, t.typnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_type t where t.typtype in ('b', 'c', 'd', 'e', 'r')
                 and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_type'::pg_catalog.regclass
                                    and d.objid = t.oid and d.deptype = 'i')
              union all select 'pg_proc'::pg_catalog.regclass, oid, pronamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_proc
              union all select 'pg_operator'::pg_catalog.regclass, oid, oprnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_operator
              union all select 'pg_opfamily'::pg_catalog.regclass, oid, opfnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_opfamily
              union all select 'pg_collation'::pg_catalog.regclass, oid, collnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_collation
              union all select 'pg_conversion'::pg_catalog.regclass, oid, connamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_conversion
              union all select 'pg_ts_config'::pg_catalog.regclass, oid, cfgnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_ts_config
              union all select 'pg_ts_dict'::pg_catalog.regclass, oid, dictnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_ts_dict
              union all select 'pg_ts_parser'::pg_catalog.regclass, oid, prsnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_ts_parser
              union all select 'pg_ts_template'::pg_catalog.regclass, oid, tmplnamespace::pg_catalog.regnamespace::text
                from pg_catalog.pg_ts_template
              union all select 'pg_statistic_ext'::pg_catalog.regclass, oid,
                               stxnamespace::pg_catalog.regnamespace::text from pg_catalog.pg_statistic_ext
              union all select 'pg_cast'::pg_catalog.regclass, oid, '' from pg_catalog.pg_cast
              union all select 'pg_event_trigger'::pg_catalog.regclass, oid, '' from pg_catalog.pg_event_trigger
              union all select 'pg_foreign_server'::pg_catalog.regclass, oid, '' from pg_catalog.pg_foreign_server
              union all select 'pg_foreign_data_wrapper'::pg_catalog.regclass, oid, ''
                from pg_catalog.pg_foreign_data_wrapper
              union all select 'pg_am'::pg_catalog.regclass, oid, '' from pg_catalog.pg_am
              union all select 'pg_language'::pg_catalog.regclass, oid, '' from pg_catalog.pg_language
              union all select 'pg_extension'::pg_catalog.regclass, oid, '' from pg_catalog.pg_extension
            ) o
             where o.objid >= 16384 and o.schema not in ('handover', 'information_schema') and o.schema !~ '^"?pg_'
               and not exists (select from pg_catalog.pg_depend e where e.classid = o.classid and e.objid = o.objid
                                  and e.deptype = 'e')
            """;

    private static final String RECORD = """
            create table handover.objects_before as
            %s
            union all select 'pg_largeobject'::pg_catalog.regclass, oid from pg_catalog.pg_largeobject_metadata
            """.formatted(OBJECTS);

    /// Event triggers first, for they might forbid the rest; then schemas, because most goes with them; extensions
    /// last, because others may need them.
    private static final String NEW = """
            select i.type, i.identity from (%s) o
              cross join lateral pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
             where not exists (select from handover.objects_before b
                                where b.classid = o.classid and b.objid = o.objid)
             order by case i.type when 'event trigger' then -1 when 'schema' then 0 when 'view' then 1 when 'table' then 2
                                  when 'extension' then 9 else 5 end, 2
            """.formatted(OBJECTS);

    private static final String NEW_LARGE_OBJECTS = """
            select oid from pg_catalog.pg_largeobject_metadata m
             where not exists (select from handover.objects_before b
                                where b.classid = 'pg_largeobject'::pg_catalog.regclass and b.objid = m.oid)
             order by 1 limit 1000
            """;

    private TargetBefore() {}

    /// Notes what is there now, in the caller's transaction, once: right after schema `handover` is made.
    static void record(DbSession target) throws SQLException {
        target.change(RECORD);
    }

    /// Drops everything that has come since. Each object in a transaction of its own, so that 10,000 tables
    /// do not need
    /// 10,000 locks at once; broken off, it is simply run again. Nothing is dropped where no record is.
    public static void restore(DbSession target) throws SQLException {
        if (!recorded(target)) {
            return;
        }
        List<String> objects = drops(target);
        int before = Integer.MAX_VALUE;
        // What one object takes with it is skipped by "if exists"; what was in its way goes in the next round.
        while (!objects.isEmpty() && objects.size() < before) {
            for (String drop : objects) {
                target.change(drop);
            }
            before = objects.size();
            objects = drops(target);
        }
        for (List<Long> some = largeObjects(target); !some.isEmpty(); some = largeObjects(target)) {
            target.change("select pg_catalog.lo_unlink(o) from unnest(array" + some + "::oid[]) o");
        }
    }

    private static boolean recorded(DbSession target) throws SQLException {
        try (PreparedStatement query = target.jdbc()
                        .prepareStatement("select pg_catalog.to_regclass('handover.objects_before') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static List<String> drops(DbSession target) throws SQLException {
        try (PreparedStatement query = target.jdbc().prepareStatement(NEW);
                ResultSet row = query.executeQuery()) {
            var drops = new ArrayList<String>();
            while (row.next()) {
                // Both come quoted from the server: the type as it stands in DROP but for two, the identity ready for
                // SQL.
                String type = row.getString(1).equals("statistics object")
                        ? "statistics"
                        : row.getString(1).replace("foreign-data wrapper", "foreign data wrapper");
                drops.add("drop " + type + " if exists " + row.getString(2) + " cascade");
            }
            return drops;
        }
    }

    private static List<Long> largeObjects(DbSession target) throws SQLException {
        try (PreparedStatement query = target.jdbc().prepareStatement(NEW_LARGE_OBJECTS);
                ResultSet row = query.executeQuery()) {
            var oids = new ArrayList<Long>();
            while (row.next()) {
                oids.add(row.getLong(1));
            }
            return oids;
        }
    }
}
