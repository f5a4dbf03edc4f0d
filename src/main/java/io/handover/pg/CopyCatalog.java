package io.handover.pg;

import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads what the copy must know of its tables: in two statements, however many there are.
public final class CopyCatalog {

    private CopyCatalog() {}

    /// Those of `wanted` that the snapshot sees, the biggest first.
    ///
    /// @param source      in a transaction with the snapshot that will be copied
    /// @param targetMajor the target's major version
    public static List<CopyTable> tables(Connection source, Collection<TableInfo> wanted, int targetMajor)
            throws SQLException {
        Map<TableRef, TableInfo> infos =
                wanted.stream().collect(Collectors.toMap(TableInfo::table, Function.identity()));
        int major = source.getMetaData().getDatabaseMajorVersion();
        CopySplits splits = CopySplits.read(source, major);
        Set<Long> asText = CopyFormat.textTables(source, targetMajor);
        List<CopyTable> tables = new ArrayList<>();
        try (PreparedStatement query = source.prepareStatement(query(major));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                TableInfo info = infos.get(new TableRef(row.getString(1), row.getString(2)));
                long bytes = row.getLong(6);
                if (info != null && !row.wasNull()) {
                    long oid = row.getLong(3);
                    tables.add(new CopyTable(
                            info.table(),
                            oid,
                            texts(row.getArray(4)),
                            splits.of(oid, row.getLong(5)),
                            bytes,
                            info.rows(),
                            new HeapMark(row.getLong(7), row.getString(8)),
                            asText.contains(oid) ? CopyFormat.TEXT : CopyFormat.BINARY));
                }
            }
        }
        tables.sort(Comparator.comparingLong(CopyTable::bytes).reversed().thenComparing(CopyTable::table));
        return tables;
    }

    /// Sizes are of now, also in an old snapshot; a table that is dropped meanwhile has none.
    private static String query(int major) {
        return """
            select n.nspname, c.relname, c.oid,
                   array(select a.attname::text from pg_catalog.pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped %s order by a.attnum),
                   pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int,
                   pg_catalog.pg_table_size(c.oid),
                   %s
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relpersistence <> 't' and %s
            """.formatted(major >= 12 ? "and a.attgenerated = ''" : "", HeapMark.COLUMNS, UserSchemas.SCHEMA);
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
