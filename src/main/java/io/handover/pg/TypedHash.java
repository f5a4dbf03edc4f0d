package io.handover.pg;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// Hash functions that PostgreSQL has for a type, where they tell any two values of it apart whose
/// texts differ: they need no text to be made. Each takes a seed, so the hash of a row is a chain of
/// them.
///
/// They have stayed the same since 11, because partitioning by hash depends on them. Many do not tell
/// all values apart, and must not be used, or not alone:
///
/// - `hashint8extended` and those of `timestamp` and `time` fold 64 bits into 32: 1 and 4294967296 are
///   one. Here a bigint is XORed into the seed, and all 64 bits of it are mixed; of a timestamp the
///   bytes are hashed.
/// - that of `numeric` knows neither sign nor scale, that of `interval` takes a day for 24 hours, that
///   of `jsonb` takes 1 for 1.0. These types have none here and are hashed by their text.
/// - those of floating-point numbers take -0 for 0, and before 14 tell kinds of NaN apart. Both go by
///   their text.
/// - that of `char(n)` passes over trailing blanks: the length goes in as well.
/// - all are NULL for NULL, so NULL is put in the place of a value, with another seed or as a value no
///   row can have.
enum TypedHash {
    /// None: only the text will do.
    NONE(""),
    BOOL("bool"),
    INT2("int4"),
    INT4("int4"),
    OID("int8"),
    INT8("int8"),
    FLOAT4("float8"),
    FLOAT8("float8"),
    DATE("date"),
    TIMESTAMP("timestamp"),
    TIMESTAMPTZ("timestamptz"),
    UUID("uuid"),
    TEXT("text"),
    BPCHAR("bpchar");

    private static final Map<String, TypedHash> OF_TYPES = Map.ofEntries(
            Map.entry("bool", BOOL),
            Map.entry("int2", INT2),
            Map.entry("int4", INT4),
            Map.entry("oid", OID),
            Map.entry("int8", INT8),
            Map.entry("float4", FLOAT4),
            Map.entry("float8", FLOAT8),
            Map.entry("date", DATE),
            Map.entry("timestamp", TIMESTAMP),
            Map.entry("timestamptz", TIMESTAMPTZ),
            Map.entry("uuid", UUID),
            Map.entry("text", TEXT),
            Map.entry("varchar", TEXT),
            Map.entry("bpchar", BPCHAR));

    /// All functions used here, over values that show the order of bytes too. Whoever asks may have any
    /// search path.
    private static final String SAMPLE = """
            select pg_catalog.concat_ws(',',
                       pg_catalog.hashtextextended('a' collate "C", 0),
                       pg_catalog.hashtextextended('longer than twelve' collate "C", -7),
                       pg_catalog.hashbpcharextended('blank  ' collate "C", 11),
                       pg_catalog.hashint4extended(-123456789, 81985529216486895),
                       pg_catalog.hashfloat8extended(-1.5e300, 3),
                       pg_catalog.uuid_hash_extended('01234567-89ab-cdef-fedc-ba9876543210', 5),
                       pg_catalog.encode(pg_catalog.timestamptz_send('2024-02-29 12:34:56.789012+00'), 'hex'))
            """;

    private final String type;

    TypedHash(String type) {
        this.type = type;
    }

    /// That of a type of `pg_catalog`.
    static TypedHash of(String type) {
        return OF_TYPES.getOrDefault(type, NONE);
    }

    /// What a server's functions give for some values.
    static String sample(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(SAMPLE)) {
            row.next();
            return row.getString(1);
        }
    }

    /// The hash of a column's value, not NULL even for NULL if the column is `nullable`.
    ///
    /// @param column an expression of the type, or of a domain over it
    /// @param seed   an expression, written once
    String sql(String column, boolean nullable, String seed) {
        String x = column + "::pg_catalog." + type;
        String isNull = "case when " + column + " is null then 1 else 0 end";
        String marked = nullable ? "(" + seed + " # (" + isNull + ")::int8)" : seed;
        return switch (this) {
            case NONE -> throw new IllegalStateException("only by its text");
            case BOOL ->
                "hashint4extended(case when " + x + " then 1 when " + column + " is null then 2 else 0 end, " + seed
                        + ")";
            case INT2 -> "hashint4extended(" + (nullable ? "coalesce(" + x + ", 65536)" : x) + ", " + seed + ")";
            case INT4 ->
                nullable
                        ? "hashint4extended(0, " + seed + " # coalesce(" + x + "::int8, 4294967296))"
                        : "hashint4extended(" + x + ", " + seed + ")";
            case OID ->
                "hashint4extended(0, " + seed + " # " + (nullable ? "coalesce(" + x + ", 4294967296)" : x) + ")";
            case INT8 ->
                nullable
                        ? "hashint4extended(" + isNull + ", " + seed + " # coalesce(" + x + ", 0))"
                        : "hashint4extended(0, " + seed + " # " + x + ")";
            case FLOAT4, FLOAT8 -> {
                String own = "case when " + x + " = 0 or " + x + " = 'NaN' then hashtextextended(concat(" + x
                        + ") collate \"C\", 0) else hashfloat8extended(" + x + ", 0) end";
                yield nullable
                        ? "hashint4extended(" + isNull + ", " + seed + " # coalesce(" + own + ", 0))"
                        : "hashint4extended(0, " + seed + " # " + own + ")";
            }
            // no date is further from 2000 than 2145031948 days, and infinite ones cannot be subtracted
            case DATE ->
                "hashint4extended(case when isfinite(" + x + ") then " + x + " - date '2000-01-01' when " + x
                        + " > date '2000-01-01' then 2147483647 when " + column
                        + " is null then 2147483646 else -2147483647 end, " + seed + ")";
            case TIMESTAMP, TIMESTAMPTZ -> {
                String bytes = "encode(" + type + "_send(" + x + "), 'hex')";
                yield "hashtextextended(" + (nullable ? "coalesce(" + bytes + ", '')" : bytes) + " collate \"C\", "
                        + seed + ")";
            }
            case UUID ->
                "uuid_hash_extended("
                        + (nullable ? "coalesce(" + x + ", '00000000-0000-0000-0000-000000000000'::uuid)" : x) + ", "
                        + marked + ")";
            case TEXT ->
                "hashtextextended(" + (nullable ? "coalesce(" + x + ", '')" : x) + " collate \"C\", " + marked + ")";
            case BPCHAR ->
                nullable
                        ? "hashbpcharextended(coalesce(" + x + ", '') collate \"C\", " + seed
                                + " # coalesce(octet_length(" + x + ")::int8, -1))"
                        : "hashbpcharextended(" + x + " collate \"C\", " + seed + " # octet_length(" + x + ")::int8)";
        };
    }
}
