package io.handover.pg;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Reads what logical replication does not carry and a comparison of rows does not see: large objects. Sequences are
/// read
/// by `SequenceSync`.
public final class Unstreamed {

    private static final int SECONDS = 30;

    private Unstreamed() {}

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
