package io.handover.model;

import java.time.Duration;

/// How long a copy will take, and what it will cost the source, before it is begun. A range: how much several workers
/// help, and how long indexes take, shows only when it runs.
///
/// @param bytes     of the tables that would move, with indexes and TOAST
/// @param perSecond bytes a second that one worker brought over in a trial; 0 if there was nothing to try with
/// @param workers   connections that would copy
/// @param walRate   bytes of WAL that the source wrote a second meanwhile
/// @param walLimit  `max_slot_wal_keep_size` of the source in bytes; -1 for none
public record Forecast(long bytes, double perSecond, int workers, double walRate, long walLimit) {

    /// Indexes, constraints and statistics took about as long as the rows where it was measured (`docs/BENCHMARKS.md`).
    private static final int WITH_INDEXES = 2;

    /// False if nothing could be tried.
    public boolean known() {
        return perSecond > 0;
    }

    /// If every worker is as quick as the one that was tried, and indexes cost nothing.
    public Duration shortest() {
        return seconds(bytes / (perSecond * workers));
    }

    /// If one worker fills the line or a disk by itself, and indexes take as long as the rows.
    public Duration longest() {
        return seconds(WITH_INDEXES * bytes / perSecond);
    }

    /// The most WAL that the slot will keep, in bytes, if the source goes on writing as it does now.
    public long mostWal() {
        return Math.round(walRate * longest().toMillis() / 1000.0);
    }

    /// True if the slot could lose its WAL before the target has caught up.
    public boolean walIsScarce() {
        return walLimit >= 0 && mostWal() > walLimit;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
