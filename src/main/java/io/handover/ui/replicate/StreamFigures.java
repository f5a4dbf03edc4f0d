package io.handover.ui.replicate;

import io.handover.model.Eta;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.SlotLag;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// The numbers above the chart. Pure; what is not known, or no longer, is a dash.
final class StreamFigures {

    private static final Figure.Reading UNKNOWN = new Figure.Reading(Format.UNKNOWN, "", Tone.PLAIN);
    /// Shares of the slot's allowance that are worth a colour.
    private static final double WATCH = 0.5;
    private static final double DANGER = 0.8;

    private final Texts texts;
    private final ZoneId zone;

    StreamFigures(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    /// Bytes and seconds behind.
    Figure.Reading behind(LagView lag, Instant now) {
        return StreamWords.live(lag, now)
                .map(slot -> new Figure.Reading(
                        Format.bytes((double) slot.bytesBehind()),
                        lag.secondsBehind() < 0
                                ? texts.get("replicate.behind.unknown")
                                : texts.get("replicate.behind.seconds", Format.seconds(lag.secondsBehind())),
                        Tone.PLAIN))
                .orElse(UNKNOWN);
    }

    /// When the follower will have caught up.
    Figure.Reading caughtUp(LagView lag, Instant now) {
        if (StreamWords.live(lag, now).isEmpty()) {
            return UNKNOWN;
        }
        return switch (lag.caughtUpIn()) {
            case Eta.Done() ->
                new Figure.Reading(
                        texts.get("replicate.caughtUp.now"),
                        texts.get("replicate.caughtUp.at", Format.clock(lag.at(), zone)),
                        Tone.GOOD);
            case Eta.Ready(var left) ->
                new Figure.Reading(
                        Format.wholeSeconds(left),
                        texts.get("replicate.caughtUp.at", Format.clock(now.plus(left), zone)),
                        Tone.PLAIN);
            case Eta.Measuring() -> new Figure.Reading(Format.UNKNOWN, texts.get("eta.measuring"), Tone.PLAIN);
        };
    }

    /// How long a cutover now would stop writes.
    Figure.Reading pause(LagView lag, GatesView gates, Instant now) {
        boolean known = StreamWords.live(lag, now).isPresent()
                && gates.predicted().compareTo(Duration.ZERO) > 0
                && Duration.between(gates.at(), now).compareTo(StreamWords.STALE) <= 0;
        if (!known) {
            return new Figure.Reading(Format.UNKNOWN, texts.get("replicate.pause.unknown"), Tone.PLAIN);
        }
        long closed = gates.blocking().size();
        return closed == 0
                ? new Figure.Reading(
                        texts.get("replicate.pause.about", Format.duration(gates.predicted())),
                        texts.get("replicate.pause.open"),
                        Tone.GOOD)
                : new Figure.Reading(
                        texts.get("replicate.pause.about", Format.duration(gates.predicted())),
                        texts.count("replicate.pause.closed", closed),
                        Tone.PLAIN);
    }

    /// What is written on one side and applied on the other.
    Figure.Reading rates(LagView lag, Instant now) {
        return StreamWords.live(lag, now)
                .map(_ -> new Figure.Reading(
                        Format.rate(lag.walPerSecond()),
                        texts.get("replicate.rates.applied", Format.rate(lag.applyPerSecond())),
                        Tone.PLAIN))
                .orElse(UNKNOWN);
    }

    /// The log the slot keeps on the owner's disk, against what it may keep.
    Figure.Reading kept(LagView lag, Instant now) {
        return StreamWords.live(lag, now).map(this::kept).orElse(UNKNOWN);
    }

    private Figure.Reading kept(SlotLag slot) {
        if (slot.safe().isEmpty()) {
            return new Figure.Reading(
                    Format.bytes((double) slot.retained()), texts.get("replicate.kept.unlimited"), Tone.PLAIN);
        }
        double safe = Math.max(0, slot.safe().getAsLong());
        double used = slot.retained() / Math.max(1, slot.retained() + safe);
        return new Figure.Reading(
                Format.bytes((double) slot.retained()),
                texts.get("replicate.kept.left", Format.bytes(safe)),
                used >= DANGER ? Tone.BAD : used >= WATCH ? Tone.WARN : Tone.PLAIN);
    }
}
