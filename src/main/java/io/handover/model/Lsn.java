package io.handover.model;

/// A position in a server's write-ahead log, PostgreSQL's `pg_lsn`.
///
/// @param value the 64-bit position, unsigned
public record Lsn(long value) implements Comparable<Lsn> {

    /// Reads the form PostgreSQL prints, for example `16/B374D848`.
    ///
    /// @throws IllegalArgumentException if `text` is anything else; it is never turned into 0
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw new IllegalArgumentException("not a log position: " + text);
        }
        try {
            long high = Long.parseUnsignedLong(text.substring(0, slash), 16);
            long low = Long.parseUnsignedLong(text.substring(slash + 1), 16);
            return new Lsn(high << 32 | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a log position: " + text, e);
        }
    }

    /// Bytes from `earlier` to this position; negative if this one is the earlier.
    public long minus(Lsn earlier) {
        return value - earlier.value;
    }

    /// True if this position is `other` or lies behind it.
    public boolean reached(Lsn other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    /// The form PostgreSQL prints and reads.
    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
    }
}
