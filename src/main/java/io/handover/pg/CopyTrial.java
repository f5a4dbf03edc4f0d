package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/// Brings some rows over to see how quick the way is: from the source through this program into a temporary table of
/// the target, in a transaction that is rolled back. One worker's speed, without indexes.
public final class CopyTrial {

    /// For a first row that is late in coming.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final String TABLE = "create temporary table handover_trial (row_text text) on commit drop";
    private static final String IN = "copy handover_trial from stdin";

    private CopyTrial() {}

    /// What a trial has found.
    ///
    /// @param rows    brought over
    /// @param bytes   as text
    /// @param seconds it took
    public record Found(long rows, long bytes, double seconds) {

        /// Bytes a second of a table that has so many bytes and rows; of the text if its rows are not known.
        public double perSecond(long tableBytes, long tableRows) {
            if (rows == 0 || seconds <= 0) {
                return 0;
            }
            return tableRows > 0 ? (double) tableBytes / tableRows * rows / seconds : bytes / seconds;
        }

        /// Bytes of text for each byte of such a table; 1 if its rows are not known, or nothing was tried.
        public double textPerByte(long tableBytes, long tableRows) {
            return rows == 0 || tableBytes <= 0 || tableRows <= 0 ? 1 : (double) bytes / rows * tableRows / tableBytes;
        }
    }

    /// Tries.
    ///
    /// @param source closed by the caller; its connection is useless afterwards
    /// @param target closed by the caller; nothing stays on it
    /// @param table  of the source
    /// @param most   rows
    /// @param limit  then it ends
    /// @param sample is given the rows
    /// @throws SQLException `55P03` if somebody has locked the table, `57014` if no row came for 10 s
    public static Found run(
            DbSession source, DbSession target, TableRef table, long most, Duration limit, RowSample sample)
            throws SQLException {
        target.jdbc().setAutoCommit(false);
        try (Statement sql = target.jdbc().createStatement();
                Statement read = source.jdbc().createStatement()) {
            read.execute("set lock_timeout = '2s'; set statement_timeout = " + (limit.toMillis() + GRACE.toMillis()));
            sql.execute(TABLE);
            // each row as one text, which is its own form in a COPY of one column: nothing has to be made of it here
            String out = "copy (select t::text from " + SqlNames.quoted(table) + " t limit " + most + ") to stdout";
            Found found = pump(api(source).copyOut(out), api(target).copyIn(IN), limit, sample);
            target.jdbc().rollback();
            return found;
        } catch (SQLException e) {
            target.abort(); // in the middle of a COPY; the server rolls it back
            throw e;
        } finally {
            source.abort(); // what it has sent already would have to be read to its end
        }
    }

    private static Found pump(CopyOut out, CopyIn in, Duration limit, RowSample sample) throws SQLException {
        long began = System.nanoTime();
        long end = began + limit.toNanos();
        long rows = 0;
        long bytes = 0;
        for (byte[] row; System.nanoTime() < end && (row = out.readFromCopy()) != null; ) {
            in.writeToCopy(row, 0, row.length);
            sample.add(row);
            rows++;
            bytes += row.length;
        }
        in.endCopy();
        return new Found(rows, bytes, (System.nanoTime() - began) / 1e9);
    }

    /// Where the log of this server ends, in bytes.
    public static long logEnd(DbSession session) throws SQLException {
        try (Statement query = session.jdbc().createStatement();
                ResultSet row = query.executeQuery(
                        "select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static CopyManager api(DbSession session) throws SQLException {
        return session.jdbc().unwrap(PGConnection.class).getCopyAPI();
    }
}
