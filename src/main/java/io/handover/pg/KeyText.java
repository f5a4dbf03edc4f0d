package io.handover.pg;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A row's key as one text, written by SQL on either server and by Java out of the stream, always the same.
///
/// The values stand in the key's order with a unit separator (0x1F) between. A backslash in a value is
/// doubled, a separator becomes `\s`, NULL is `\N`: no two different keys have the same text, whatever the
/// values contain.
public final class KeyText {

    private static final char SEPARATOR = '\u001f';
    private static final String NULL = "\\N";

    private KeyText() {}

    /// The key of these values; `null` is NULL.
    public static String of(List<@Nullable String> values) {
        return values.stream().map(KeyText::part).collect(Collectors.joining(String.valueOf(SEPARATOR)));
    }

    /// The values of a key that has at least one; `null` is NULL.
    public static List<@Nullable String> values(String key) {
        var values = new ArrayList<@Nullable String>();
        var value = new StringBuilder();
        boolean isNull = false;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == SEPARATOR) {
                values.add(isNull ? null : value.toString());
                value.setLength(0);
                isNull = false;
            } else if (c == '\\' && i + 1 < key.length()) {
                switch (key.charAt(++i)) {
                    case 'N' -> isNull = true;
                    case 's' -> value.append(SEPARATOR);
                    default -> value.append('\\');
                }
            } else {
                value.append(c);
            }
        }
        values.add(isNull ? null : value.toString());
        return values;
    }

    /// The same as an SQL expression over a table with the alias `t`.
    static String sql(List<ColumnShape> columns) {
        return Concat.sql(columns.stream().map(KeyText::sqlPart).toList());
    }

    /// The value out of the stream as SQL writes it in a key; empty if that cannot be told.
    static Optional<String> fromStream(ColumnShape column, String value) {
        return switch (column.kind()) {
            case PLAIN, FLOAT, BYTES, TEXT, OTHER -> Optional.of(value);
            case OLD_FLOATS -> Optional.empty();
            case OLD_FLOAT ->
                Optional.of(
                        value.endsWith("N") || value.endsWith("y")
                                ? value
                                : shortened(value, column.hash() == TypedHash.FLOAT4 ? 6 : 15));
        };
    }

    private static String shortened(String number, int digits) {
        var exact = digits == 6 ? new BigDecimal(Float.parseFloat(number)) : new BigDecimal(Double.parseDouble(number));
        var rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /// 64 well mixed bits of a key, for sets of very many.
    static long hash(String key) {
        long hash = 0xcbf29ce484222325L; // FNV-1a …
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash ^= hash >>> 33; // … and a finish that spreads what it leaves in the high bits
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private static String part(@Nullable String value) {
        return value == null ? NULL : value.replace("\\", "\\\\").replace("\u001f", "\\s");
    }

    private static String sqlPart(ColumnShape column) {
        String value = column.sql();
        String text = switch (column.kind()) {
            case PLAIN, FLOAT -> column.nullable() ? "concat(" + value + ")" : value;
            // the fifteen digits (six of a `real`) that every version has in common
            case OLD_FLOAT ->
                "case when " + value + " in ('NaN', 'Infinity', '-Infinity') then concat(" + value + ") else concat("
                        + value + "::numeric) end";
            case OLD_FLOATS -> "encode(" + column.bytes() + ", 'hex')";
            // collate "C": replace() refuses nondeterministic collations
            case BYTES, TEXT, OTHER ->
                "replace(replace(concat(" + value + ") collate \"C\", E'\\\\', E'\\\\\\\\'), E'\\x1f', E'\\\\s')";
        };
        return column.nullable() ? "case when " + column.isThere() + " then " + text + " else E'\\\\N' end" : text;
    }
}
