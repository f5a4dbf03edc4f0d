package io.handover.ui.snapshot;

import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.MigrationState;
import io.handover.model.TableProgress;
import io.handover.ui.control.Figure.Reading;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/// The baseline's numbers.
final class SnapshotFigures {

    /// Vacuum held back for so long begins to bloat busy tables.
    private static final Duration OLD_SNAPSHOT = Duration.ofHours(1);

    private final Texts texts;
    private final ZoneId zone;

    SnapshotFigures(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    Reading copied(CopyProgress copy) {
        return copy.bytesTotal() <= 0
                ? unknown(texts.get("snapshot.notYet"))
                : plain(Format.bytes((double) copy.bytesDone()), texts.get("snapshot.of", Format.bytes((double)
                        copy.bytesTotal())));
    }

    Reading speed(CopyProgress copy) {
        if (copy.bytesTotal() <= 0) {
            return unknown(texts.get("snapshot.notYet"));
        }
        return plain(Format.rate(copy.bytesPerSecond()), texts.count("snapshot.rows", copy.rowsCopied()));
    }

    Reading eta(CopyProgress copy) {
        return switch (copy.eta()) {
            case Eta.Measuring() -> unknown(texts.get("eta.measuring"));
            case Eta.Ready(var left) -> plain(Format.wholeSeconds(left), texts.get("snapshot.eta.hint"));
            case Eta.Done() ->
                new Reading(texts.get("snapshot.eta.done"), texts.get("snapshot.eta.doneHint"), Tone.GOOD);
        };
    }

    Reading indexes(CopyProgress copy) {
        if (copy.indexesTotal() <= 0) {
            return unknown(texts.get("snapshot.notYet"));
        }
        return plain(
                texts.get("snapshot.outOf", Format.count(copy.indexesDone()), Format.count(copy.indexesTotal())),
                texts.get("snapshot.indexes.hint"));
    }

    Reading cost(CopyProgress copy) {
        var age = copy.snapshotAge();
        String hint =
                age.isZero() ? texts.get("snapshot.cost.noSnapshot") : texts.get("snapshot.cost.age", oneUnit(age));
        return new Reading(
                Format.bytes((double) copy.walKept()), hint, age.compareTo(OLD_SNAPSHOT) > 0 ? Tone.WARN : Tone.PLAIN);
    }

    /// What a pause does not spare the source.
    String heldCost(CopyProgress copy) {
        String wal = Format.bytes((double) copy.walKept());
        return copy.snapshotAge().isZero()
                ? texts.get("snapshot.held.cost.noSnapshot", wal)
                : texts.get("snapshot.held.cost", wal, oneUnit(copy.snapshotAge()));
    }

    Reading tablesMoved(CopyProgress copy, Optional<MigrationState> state) {
        int tables = Math.max(
                copy.tables().size(), state.map(MigrationState::copiedTables).orElse(0));
        return tables == 0
                ? unknown(texts.get("snapshot.done.forgotten"))
                : plain(Format.count(tables), texts.get("snapshot.done.tables"));
    }

    Reading rowsMoved(CopyProgress copy) {
        if (copy.tables().stream().anyMatch(table -> table.copiedRows() < 0)) {
            return unknown(texts.get("snapshot.done.uncounted"));
        }
        return copy.tables().isEmpty()
                ? unknown(texts.get("snapshot.done.forgotten"))
                : plain(Format.count(copy.rowsCopied()), texts.get("snapshot.done.rows"));
    }

    Reading bytesMoved(CopyProgress copy) {
        if (copy.tables().stream().anyMatch(table -> table.copiedBytes() < 0)) {
            return unknown(texts.get("snapshot.done.uncounted"));
        }
        long wire = copy.tables().stream().mapToLong(TableProgress::copiedBytes).sum();
        return copy.tables().isEmpty()
                ? unknown(texts.get("snapshot.done.forgotten"))
                : plain(Format.bytes((double) wire), texts.get("snapshot.done.wire"));
    }

    Reading streaming(Optional<MigrationState> state) {
        return state.flatMap(MigrationState::streamingSince)
                .map(since -> new Reading(Format.clock(since, zone), Format.day(since, zone), Tone.GOOD))
                .orElse(unknown(texts.get("snapshot.done.catchingUp")));
    }

    /// Short enough for a tile: `40 s`, `12 min`, `5 h`.
    private static String oneUnit(Duration time) {
        if (time.toSeconds() < 60) {
            return time.toSeconds() + " s";
        }
        return time.toMinutes() < 60 ? time.toMinutes() + " min" : time.toHours() + " h";
    }

    private static Reading plain(String value, String hint) {
        return new Reading(value, hint, Tone.PLAIN);
    }

    private static Reading unknown(String hint) {
        return plain(Format.UNKNOWN, hint);
    }
}
