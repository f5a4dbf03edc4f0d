package io.handover.pg;

import io.handover.model.TableRef;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/// Reads what logical replication does not carry and a comparison of rows does not see: sequences and large objects.
public final class Unstreamed {

    /// Below zero for a descending sequence, so that more is always further.
    private static final String SEQUENCES = """
            select schemaname, sequencename,
                   case when increment_by < 0 then -coalesce(last_value, start_value + 1)::numeric
                        else coalesce(last_value, start_value - 1)::numeric end
              from pg_catalog.pg_sequences
             where schemaname <> 'handover'
            """;

    private static final int SECONDS = 30;

    private Unstreamed() {}

    /// How far each sequence has come. One that was never used counts as one before its start.
    public static Map<TableRef, BigInteger> sequences(Connection connection) throws SQLException {
        var sequences = new HashMap<TableRef, BigInteger>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(SEQUENCES)) {
            while (row.next()) {
                sequences.put(
                        new TableRef(row.getString(1), row.getString(2)),
                        row.getBigDecimal(3).toBigInteger());
            }
        }
        return sequences;
    }

    /// All large objects' pages.
    ///
    /// @param dialect what both servers understand
    /// @throws SQLException `42501` for anybody but a superuser, `57014` if it takes over half a minute
    public static Tally largeObjects(Connection connection, TableDigest.Dialect dialect) throws SQLException {
        String hash = dialect.hash("concat_ws(':', loid, pageno, encode(data, 'hex'))", 0);
        try (Statement query = connection.createStatement()) {
            query.setQueryTimeout(SECONDS);
            try (ResultSet row = query.executeQuery("""
                    select (select count(*) from pg_catalog.pg_largeobject_metadata), coalesce(sum(h), 0)
                      from (select %s as h from pg_catalog.pg_largeobject) x
                    """.formatted(hash))) {
                row.next();
                return new Tally(row.getLong(1), new BigInteger(row.getString(2)));
            }
        }
    }
}
