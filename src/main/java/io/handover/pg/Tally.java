package io.handover.pg;

import java.math.BigInteger;
import java.util.Collection;

/// A number of rows and the sum of their hashes: equal for equal sets of rows, whatever their order, and a
/// row that is there twice counts twice.
///
/// @param rows how many
/// @param sum  of their hashes
public record Tally(long rows, BigInteger sum) {

    /// No rows.
    public static final Tally NONE = new Tally(0, BigInteger.ZERO);

    /// With these rows as well.
    public Tally plus(Tally other) {
        return new Tally(rows + other.rows, sum.add(other.sum));
    }

    /// Without these rows.
    public Tally minus(Tally other) {
        return new Tally(rows - other.rows, sum.subtract(other.sum));
    }

    /// Of single rows.
    static Tally of(Collection<Long> hashes) {
        return new Tally(
                hashes.size(), hashes.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add));
    }

    /// For people who compare by eye: rows, and the low 64 bits of the sum.
    public String display() {
        return rows + ":%016x".formatted(sum.longValue());
    }
}
