package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The baseline at one moment, made for a screen.
///
/// @param at             when
/// @param phase          what happens, in words
/// @param tables         all tables of the scope, in name order; empty before the start
/// @param bytesDone      heap bytes of the source already copied, an estimate
/// @param bytesTotal     heap bytes of the source to copy, an estimate
/// @param rowsCopied     rows written to the target, as far as they were seen
/// @param bytesPerSecond over the last seconds, on the wire; -1 if not measured yet
/// @param eta            how long the copy will still take
/// @param indexesDone    indexes, constraints and the like that are built
/// @param indexesTotal   how many there are
/// @param snapshotAge    how long the source has held vacuum back for us; zero if not at all
/// @param walKept        bytes of WAL our slot keeps on the source; -1 if unknown
public record CopyProgress(
        Instant at,
        String phase,
        List<TableProgress> tables,
        long bytesDone,
        long bytesTotal,
        long rowsCopied,
        double bytesPerSecond,
        Eta eta,
        int indexesDone,
        int indexesTotal,
        Duration snapshotAge,
        long walKept) {

    /// Copies the list.
    public CopyProgress {
        tables = List.copyOf(tables);
    }

    /// Nothing begun.
    public static CopyProgress none(Instant at) {
        return new CopyProgress(at, "", List.of(), 0, 0, 0, 0, new Eta.Measuring(), 0, 0, Duration.ZERO, -1);
    }

    /// 0 to 1; -1 while there is nothing to measure.
    public double fraction() {
        return bytesTotal <= 0 ? -1 : Math.min(1, (double) bytesDone / bytesTotal);
    }
}
