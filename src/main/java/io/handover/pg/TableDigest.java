package io.handover.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// The SQL that turns a table's rows into hashes which are equal on two servers exactly if the rows
/// are: whatever their versions, collations, time zones, the physical order of the rows and the order
/// of the columns. How a row is hashed says `RowHash`. The session must have been prepared by
/// `SnapshotSession`.
///
/// The chance of a missed difference: rows are taken for equal if there are as many on both sides with
/// the same sum of their 64-bit hashes. Whatever the other rows are, one changed row goes unseen only
/// if its hash is one value of 2^64, or has become the other's on the way: each column hashed after the
/// one that differs is another chance of 2^-64, and one that is hashed by itself first is one more. So
/// it is (columns + 2) / 2^64 at most: one in 10^18 for a table of 16 columns, in 10^16 for the widest
/// there can be. That is for accidents. The hash is no cryptographic one: somebody who forges rows on
/// the follower on purpose could find a pair.
public final class TableDigest {

    private final TablePair pair;
    private final Dialect dialect;

    /// Writes for `pair`.
    ///
    /// @param dialect what both servers understand
    public TableDigest(TablePair pair, Dialect dialect) {
        this.pair = pair;
        this.dialect = dialect;
    }

    /// The table's rows in 2^`bits` buckets by key: columns bucket, count, sum of row hashes.
    ///
    /// `offset 0` keeps the planner from seeing through to the key's column, which it takes for as many
    /// groups as there are rows, and sorts them all.
    ///
    /// @param where for a piece of the table its condition as in `TablePieces`; empty for all of it
    String buckets(int bits, String where) {
        return "select b, count(*), sum(h) from (select " + bucket(bits) + " as b, " + rowHash() + " as h " + from()
                + where + " offset 0) x group by b";
    }

    /// The table's rows as a whole, as one bucket: columns bucket 0, count, sum of row hashes. It tells
    /// that there is a difference and not where.
    ///
    /// @param where as for `buckets`
    String sums(String where) {
        return "select 0, count(*), coalesce(sum(" + rowHash() + "), 0) " + from() + where;
    }

    /// The rows of some buckets ordered by key hash: columns key hash, key, row hash. One parameter:
    /// the buckets as `int[]`.
    String rowsInOrder(int bits) {
        return "select " + keyHash() + ", " + keyText() + ", " + rowHash() + " " + from() + " where " + isIn(bits)
                + " order by 1";
    }

    /// The rows of some buckets in no order: columns key, row hash. One parameter: the buckets as
    /// `int[]`.
    ///
    /// @param where as for `buckets`
    String rowsOf(int bits, String where) {
        return "select " + keyText() + ", " + rowHash() + " " + from() + (where.isEmpty() ? " where " : where + " and ")
                + isIn(bits);
    }

    /// The rows with some keys: columns key, row hash. Parameters as in `lookup`.
    String rowsWith() {
        return "select " + keyText() + ", " + rowHash() + " " + from() + lookup();
    }

    /// All values of the rows with some keys: columns key, hashes as `bigint[]`, the first `length`
    /// characters as `text[]`; NULL is NULL in both. Parameters as in `lookup`.
    String valuesWith(int length) {
        String hashes =
                each(c -> "case when " + c.isThere() + " then " + dialect.hash("concat(" + exact(c) + ")", 0) + " end");
        String texts =
                each(c -> "case when " + c.isThere() + " then left(concat(" + c.sql() + "), " + length + ") end");
        return "select " + keyText() + ", array[" + hashes + "]::bigint[], array[" + texts + "]::text[] " + from()
                + lookup();
    }

    /// All of the rows with some keys: columns key, the texts of `written()` as `text[]`. Parameters as
    /// in `lookup`.
    String rowsInFull() {
        String texts = written().stream()
                .map(c -> "case when " + c.isThere() + " then concat(" + c.sql() + ") end")
                .collect(Collectors.joining(", "));
        return "select " + keyText() + ", array[" + texts + "]::text[] " + from() + lookup();
    }

    /// Which versions of the rows with some keys there are: columns key, row hash, version. Whoever
    /// changes a row makes another version of it, even one with the same values. Parameters as in
    /// `lookup`.
    String versionsWith() {
        return "select " + keyText() + ", " + rowHash() + ", concat_ws(' ', t.tableoid, t.ctid, t.xmin) " + from()
                + lookup();
    }

    /// Where the rows with some keys are stored: columns key, place. Parameters as in `lookup`.
    String placesWith() {
        return "select " + keyText() + ", t.ctid::text " + from() + lookup();
    }

    /// The columns an application can write.
    List<ColumnShape> written() {
        return pair.columns().stream().filter(c -> !c.generated()).toList();
    }

    /// How many parameters `lookup` has: with an indexable key one `text[]` for each of its columns,
    /// otherwise one `text[]` with whole keys.
    int lookupParameters() {
        return pair.keyIsIndexable() ? pair.key().size() : 1;
    }

    /// The key of a row as text.
    String keyText() {
        return "(" + KeyText.sql(pair.key()) + ") collate \"C\"";
    }

    private static String exact(ColumnShape column) {
        return switch (column.kind()) {
            case OLD_FLOAT, OLD_FLOATS -> column.bytes();
            case PLAIN, FLOAT, BYTES, TEXT, OTHER -> column.sql();
        };
    }

    private String lookup() {
        if (!pair.keyIsIndexable()) {
            return " where " + dialect.hash(KeyText.sql(pair.key()), 1) + " in (select " + dialect.hash("k", 1)
                    + " from unnest(?::text[]) k)";
        }
        String parameters =
                IntStream.range(0, pair.key().size()).mapToObj(_ -> "?::text[]").collect(Collectors.joining(", "));
        String names =
                IntStream.range(0, pair.key().size()).mapToObj(i -> "p" + i).collect(Collectors.joining(", "));
        var equals = new ArrayList<String>();
        for (int i = 0; i < pair.key().size(); i++) {
            ColumnShape column = pair.key().get(i);
            equals.add(column.sql() + " = k.p" + i + "::" + column.type());
        }
        return " join unnest(" + parameters + ") as k(" + names + ") on " + String.join(" and ", equals);
    }

    private String isIn(int bits) {
        return bucket(bits) + " in (select unnest(?::int[]))";
    }

    private String bucket(int bits) {
        return "(" + keyHash() + " & " + ((1 << bits) - 1) + ")::int";
    }

    private String keyHash() {
        return new RowHash(pair.key(), dialect).sql(1);
    }

    private String rowHash() {
        return new RowHash(pair.columns(), dialect).sql(0);
    }

    private String each(Function<ColumnShape, String> expression) {
        return pair.columns().stream().map(expression).collect(Collectors.joining(", "));
    }

    private String from() {
        return "from " + pair.quoted() + " t";
    }

    /// What two servers have in common.
    ///
    /// @param oldest       the lower one of their major versions
    /// @param sameEncoding both databases have the same encoding
    /// @param sameHashes   both have the hash functions that partitioning by hash depends on, and they
    ///                     give the same: not if one of the machines has its bytes in another order
    public record Dialect(int oldest, boolean sameEncoding, boolean sameHashes) {

        private static final int HASHES = 11;

        /// Of two servers that hash alike if they can.
        ///
        /// @param oldest       the lower one of their major versions
        /// @param sameEncoding both databases have the same encoding
        public Dialect(int oldest, boolean sameEncoding) {
            this(oldest, sameEncoding, sameEncoding && oldest >= HASHES);
        }

        /// Of the servers of two connections.
        public static Dialect of(Connection one, Connection other) throws SQLException {
            int oldest = Math.min(
                    one.getMetaData().getDatabaseMajorVersion(),
                    other.getMetaData().getDatabaseMajorVersion());
            boolean sameEncoding = Objects.equals(encoding(one), encoding(other));
            boolean sameHashes =
                    sameEncoding && oldest >= HASHES && TypedHash.sample(one).equals(TypedHash.sample(other));
            return new Dialect(oldest, sameEncoding, sameHashes);
        }

        private static @Nullable String encoding(Connection connection) throws SQLException {
            return connection.unwrap(PGConnection.class).getParameterStatus("server_encoding");
        }

        /// 64 bits of a text.
        String hash(String text, int seed) {
            if (!sameHashes) {
                return "('x' || left(md5(convert_to('" + seed + "' || (" + text + "), 'UTF8')), 16))::bit(64)::bigint";
            }
            return "hashtextextended((" + text + ") collate \"C\", " + seed + ")";
        }

        /// Bytes where both count them alike: they are known without reading the value.
        String length(String column) {
            return (sameEncoding ? "octet_length(" : "char_length(") + column + ")";
        }

        /// The settings a session needs so that values are written the same way on both servers.
        List<String> settings(int major) {
            var settings = new ArrayList<>(List.of(
                    "TimeZone = 'UTC'",
                    "DateStyle = 'ISO, MDY'",
                    "IntervalStyle = 'postgres'",
                    "bytea_output = 'hex'",
                    "lc_monetary = 'C'",
                    "quote_all_identifiers = off",
                    "search_path = ''",
                    "extra_float_digits = " + (oldest < 12 ? 3 : 1),
                    "row_security = off",
                    "synchronous_commit = local",
                    "statement_timeout = 0",
                    "lock_timeout = 0",
                    "idle_in_transaction_session_timeout = 0"));
            if (major >= 11) {
                settings.add("jit = off"); // compiling a long expression for each table costs more than it saves
            }
            if (major >= 17) {
                settings.add("transaction_timeout = 0");
            }
            return settings;
        }
    }
}
