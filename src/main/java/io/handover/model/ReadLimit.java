package io.handover.model;

/// How much a copy or a comparison may read of the tables in a second; of a comparison counted once, although both
/// sides are read.
///
/// @param megabytes of 1,000,000 bytes in a second; 0 for as much as the servers give
public record ReadLimit(int megabytes) {

    /// As much as the servers give.
    public static final ReadLimit NONE = new ReadLimit(0);

    /// The highest that makes sense.
    public static final int MOST = 100_000;

    /// Refuses what is no limit.
    public ReadLimit {
        if (megabytes < 0 || megabytes > MOST) {
            throw new IllegalArgumentException(
                    "the limit must be 1 to " + MOST + " MB a second, or 0 for none, not " + megabytes);
        }
    }

    /// Bytes a second; 0 without a limit.
    public long bytes() {
        return megabytes * 1_000_000L;
    }
}
