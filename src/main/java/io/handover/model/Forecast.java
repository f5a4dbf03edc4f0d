package io.handover.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How long a copy will take, and what it will cost the source, before it is begun. A range: how much several workers
/// help, and how long indexes take, shows only when it runs.
///
/// @param waves     in their order; one if all moves at once, none if there is nothing to move
/// @param perSecond bytes of the tables a second that one worker brought over in a trial, through this
///                  program; 0 if there was nothing to try with
/// @param walRate   bytes of WAL that the source wrote a second meanwhile
/// @param walLimit  `max_slot_wal_keep_size` of the source in bytes; -1 for none
/// @param archive   the archive that the first wave goes through; empty if it does not
public record Forecast(
        List<Wave> waves, double perSecond, double walRate, long walLimit, Optional<ArchiveForecast> archive) {

    /// Indexes, constraints and statistics took about as long as the rows where it was measured
    /// (`docs/BENCHMARKS.md`).
    private static final int INDEXES = 1;

    /// Copies the list.
    public Forecast {
        waves = List.copyOf(waves);
    }

    /// What moves at a time.
    ///
    /// @param bytes   of its tables, with indexes and TOAST
    /// @param biggest of its tables, in bytes: only rows that go through here are read in parts
    /// @param way     of its rows
    /// @param workers that can be at it at a time
    public record Wave(long bytes, long biggest, CopyMethod way, int workers) {}

    /// False if nothing could be tried.
    public boolean known() {
        return perSecond > 0;
    }

    /// Bytes of all tables.
    public long bytes() {
        return waves.stream().mapToLong(Wave::bytes).sum();
    }

    /// If every worker is as quick as the one that was tried, and indexes cost nothing.
    public Duration shortest() {
        return waves.stream().map(this::shortest).reduce(Duration.ZERO, Duration::plus);
    }

    /// If one worker fills the line or a disk by itself, and indexes take as long as the rows.
    public Duration longest() {
        return waves.stream().map(this::longest).reduce(indexes(), Duration::plus);
    }

    /// The rows of `wave`, if every worker is as quick as the one that was tried.
    public Duration shortest(Wave wave) {
        double rows = atOnce(wave, perSecond, wave.workers());
        return seconds(
                wave.way() == CopyMethod.ARCHIVE
                        ? rows
                                + archive.map(a -> atOnce(wave, a.perSecond(), a.writers()))
                                        .orElse(0.0)
                        : rows);
    }

    /// The rows of `wave`, if one worker fills the line or a disk by itself. Through an archive they are
    /// written once more, and compressed meanwhile.
    public Duration longest(Wave wave) {
        double rows = wave.bytes() / perSecond;
        return seconds(
                wave.way() == CopyMethod.ARCHIVE
                        ? 2 * rows
                                + archive.filter(a -> a.perSecond() > 0)
                                        .map(a -> wave.bytes() / a.perSecond())
                                        .orElse(0.0)
                        : rows);
    }

    /// The most WAL that the slot will keep at a time, in bytes, if the source goes on writing as it does
    /// now. A single wave follows the source once all is built. With several, and from server to server, the
    /// first that is copied follows at once; the stream stands still again while indexes are built.
    public long mostWal() {
        Duration still = longest();
        if (!waves.isEmpty() && (waves.size() > 1 || waves.getFirst().way() == CopyMethod.SERVER_TO_SERVER)) {
            Duration first =
                    waves.getFirst().way() == CopyMethod.SERVER_TO_SERVER ? Duration.ZERO : longest(waves.getFirst());
            still = first.compareTo(indexes()) > 0 ? first : indexes();
        }
        return Math.round(walRate * still.toMillis() / 1000.0);
    }

    /// True if the slot could lose its WAL before the target has caught up.
    public boolean walIsScarce() {
        return walLimit >= 0 && mostWal() > walLimit;
    }

    private Duration indexes() {
        return seconds(INDEXES * bytes() / perSecond);
    }

    /// @param each bytes a second of one; 0 if it takes no time worth counting
    private static double atOnce(Wave wave, double each, int workers) {
        if (each <= 0) {
            return 0;
        }
        double all = wave.bytes() / (each * workers);
        return wave.way() == CopyMethod.THROUGH_HERE ? all : Math.max(all, wave.biggest() / each);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
