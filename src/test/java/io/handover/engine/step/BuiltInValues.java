package io.handover.engine.step;

import io.handover.pg.Server;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// For each type that PostgreSQL brings a value, and another that is as close to it as can be.
///
/// @param type  its name
/// @param value SQL of a value
/// @param other SQL of the other one
record BuiltInValues(String type, String value, String other) {

    /// Types of the catalogue's own, which no user's table has values of that could be compared.
    private static final Set<String> INTERNAL = Set.of(
            "aclitem",
            "gtsvector",
            "int2vector",
            "oidvector",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_ndistinct",
            "pg_node_tree",
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    private static final String VALUES = """
            bool|true|false
            int2|32767|32766
            int4|2147483647|2147483646
            int8|9223372036854775807|9223372036854775806
            oid|4294967295|4294967294
            numeric|1.0|1.00
            money|'1.00'|'1.01'
            float4|0|'-0'
            float8|1|1.0000000000000002
            text|'abc'|'abc '
            varchar|'abc'|'Abc'
            bpchar|'abc'|'abc '
            name|'abc'|'abC'
            "char"|'a'|'A'
            bytea|'\\x00ff'|'\\x00fe'
            date|'2024-02-29'|'2024-03-01'
            time|'12:00:00.000001'|'12:00:00'
            timetz|'12:00:00+02'|'11:00:00+01'
            timestamp|'infinity'|'2024-02-29 12:34:56'
            timestamptz|'2024-03-31 01:00:00.000001+00'|'2024-03-31 01:00:00+00'
            interval|'1 day'|'24 hours'
            uuid|'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'|'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'
            inet|'10.0.0.1/8'|'10.0.0.1/9'
            cidr|'10.0.0.0/8'|'10.0.0.0/9'
            macaddr|'08:00:2b:01:02:03'|'08:00:2b:01:02:04'
            macaddr8|'08:00:2b:01:02:03:04:05'|'08:00:2b:01:02:03:04:06'
            bit|B'1'|B'0'
            varbit|B'10'|B'100'
            json|'{"a":1}'|'{"a": 1}'
            jsonb|'{"a":1}'|'{"a":1.0}'
            jsonpath|'$.a'|'$.b'
            xml|'<a>ü</a>'|'<a>u</a>'
            tsvector|'a:1A'|'a:1B'
            tsquery|'a & b'|'a | b'
            point|'(0,0)'|'(0,-0)'
            line|'{1,2,3}'|'{1,2,4}'
            lseg|'((0,0),(1,1))'|'((0,0),(1,2))'
            box|'((1,1),(0,0))'|'((1,2),(0,0))'
            path|'((0,0),(1,1))'|'[(0,0),(1,1)]'
            polygon|'((0,0),(1,1))'|'((1,1),(0,0))'
            circle|'<(0,0),1>'|'<(0,0),2>'
            pg_lsn|'16/B374D848'|'16/B374D849'
            xid|'7'|'8'
            xid8|'7'|'8'
            cid|'7'|'8'
            tid|'(0,1)'|'(0,2)'
            refcursor|'a'|'b'
            txid_snapshot|'10:20:10'|'10:20:'
            pg_snapshot|'10:20:10'|'10:20:'
            int4range|'[1,5)'|'[1,6)'
            int8range|'[1,5)'|'empty'
            numrange|'[1,5)'|'[1,5]'
            tsrange|'[2024-01-01,)'|'(2024-01-01,)'
            tstzrange|'[2024-01-01 00:00+00,)'|'[2024-01-01 00:00+01,)'
            daterange|'[2024-01-01,2024-02-01)'|'[2024-01-01,2024-02-02)'
            """;

    private static final String MULTIRANGES = """
            int4multirange|'{[1,5)}'|'{[1,6)}'
            int8multirange|'{}'|'{[1,6)}'
            nummultirange|'{[1,5)}'|'{[1,5]}'
            tsmultirange|'{[2024-01-01,)}'|'{(2024-01-01,)}'
            tstzmultirange|'{[2024-01-01 00:00+00,)}'|'{[2024-01-01 00:00+01,)}'
            datemultirange|'{[2024-01-01,2024-02-01)}'|'{[2024-01-01,2024-02-02)}'
            """;

    /// A name for a column of the type.
    String column() {
        return "c_" + type.replace("\"", "");
    }

    /// Those that a server of `major` knows.
    static List<BuiltInValues> of(int major) {
        var values = new ArrayList<BuiltInValues>();
        for (String line : (VALUES + (major >= 14 ? MULTIRANGES : "")).lines().toList()) {
            List<String> parts = List.of(line.split("\\|(?=['0-9tfB-])", 3));
            String cast = "::pg_catalog." + parts.get(0);
            values.add(new BuiltInValues(parts.get(0), parts.get(1) + cast, parts.get(2) + cast));
        }
        return values;
    }

    /// Types of the server's that this list forgets.
    static Set<String> missing(Server server) throws SQLException {
        Set<String> known = of(99).stream().map(v -> v.type.replace("\"", "")).collect(Collectors.toSet());
        try (var session = server.open("test");
                var statement = session.jdbc().createStatement();
                var row = statement.executeQuery("""
                        select typname from pg_type where typnamespace = 'pg_catalog'::regnamespace
                           and typtype in ('b', 'r', 'm') and not (typelem <> 0 and typlen = -1)""")) {
            var missing = new TreeSet<String>();
            while (row.next()) {
                missing.add(row.getString(1));
            }
            missing.removeAll(known);
            missing.removeAll(INTERNAL);
            return missing;
        }
    }
}
