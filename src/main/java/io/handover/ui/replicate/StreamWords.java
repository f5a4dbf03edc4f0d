package io.handover.ui.replicate;

import io.handover.model.LagView;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the newest reading of the stream means, in words. Pure.
final class StreamWords {

    /// A reading older than this says nothing about now.
    static final Duration STALE = Duration.ofSeconds(10);
    /// From here on lag is worth a sentence of its own.
    private static final long NOTABLE_LAG = 64L * 1024 * 1024;

    private final Texts texts;

    StreamWords(Texts texts) {
        this.texts = texts;
    }

    /// A reading that can be used: live and fresh.
    static Optional<SlotLag> live(LagView lag, Instant now) {
        return lag.reading() instanceof SlotReading.Live(var slot) && !lag.staleAt(now, STALE)
                ? Optional.of(slot)
                : Optional.empty();
    }

    /// How the stream stands, in a word or two.
    String state(LagView lag, Instant now) {
        return switch (lag.reading()) {
            case SlotReading.Live(var slot) -> {
                if (lag.staleAt(now, STALE)) {
                    yield texts.get("replicate.state.stale");
                }
                if (!lag.applyProblem().isEmpty()) {
                    yield texts.get("replicate.state.applyProblem");
                }
                yield texts.get(slot.active() ? "replicate.state.live" : "replicate.state.inactive");
            }
            case SlotReading.Missing _ -> texts.get("replicate.state.missing");
            case SlotReading.Lost _ -> texts.get("replicate.state.lost");
            case SlotReading.Unreachable _ -> texts.get("replicate.state.unreachable");
        };
    }

    /// How good that is.
    Tone tone(LagView lag, Instant now) {
        return switch (lag.reading()) {
            case SlotReading.Live(var slot) -> {
                boolean fine = slot.active()
                        && !lag.staleAt(now, STALE)
                        && lag.applyProblem().isEmpty();
                yield fine ? Tone.GOOD : Tone.WARN;
            }
            case SlotReading.Missing _, SlotReading.Lost _ -> Tone.BAD;
            case SlotReading.Unreachable _ -> Tone.WARN;
        };
    }

    /// One sentence for the page's headline.
    String sentence(LagView lag, Instant now) {
        var follower = sideName(lag.owner().other());
        var live = live(lag, now);
        if (live.isEmpty() || tone(lag, now) != Tone.GOOD) {
            return state(lag, now) + ".";
        }
        long behind = live.get().bytesBehind();
        return behind == 0
                ? texts.get("replicate.sentence.caughtUp", follower)
                : texts.get("replicate.sentence.behind", follower, Format.bytes((double) behind));
    }

    /// What a person has to know and do; empty while all is well.
    Optional<Message> message(LagView lag, Instant now) {
        var owner = sideName(lag.owner());
        var follower = sideName(lag.owner().other());
        return switch (lag.reading()) {
            case SlotReading.Missing(var slot) -> Optional.of(message(Tone.BAD, "missing", slot, owner, follower));
            case SlotReading.Lost(var slot) -> Optional.of(message(Tone.BAD, "lost", slot, owner, follower));
            case SlotReading.Unreachable(var since, var reason) ->
                Optional.of(new Message(
                        Tone.WARN,
                        texts.get("replicate.unreachable.title", owner, Format.ago(since, now, texts)),
                        texts.get("replicate.unreachable.text", owner, follower),
                        reason));
            case SlotReading.Live(var slot) -> live(lag, slot, now, owner, follower);
        };
    }

    private Optional<Message> live(LagView lag, SlotLag slot, Instant now, String owner, String follower) {
        if (lag.staleAt(now, STALE)) {
            return Optional.of(Message.of(
                    Tone.WARN,
                    texts.get("replicate.stale.title", Format.ago(lag.at(), now, texts)),
                    texts.get("replicate.stale.text")));
        }
        if (!lag.applyProblem().isEmpty()) {
            return Optional.of(new Message(
                    Tone.BAD,
                    texts.get("replicate.applyProblem.title", follower),
                    texts.get("replicate.applyProblem.text", owner, follower),
                    lag.applyProblem()));
        }
        if (!slot.active()) {
            return Optional.of(message(Tone.WARN, "inactive", slot.slot(), owner, follower));
        }
        boolean losing = lag.walPerSecond() > 0
                && lag.applyPerSecond() >= 0
                && lag.applyPerSecond() < lag.walPerSecond()
                && slot.bytesBehind() > NOTABLE_LAG;
        return losing ? Optional.of(message(Tone.WARN, "losing", slot.slot(), owner, follower)) : Optional.empty();
    }

    private Message message(Tone tone, String key, String slot, String owner, String follower) {
        return Message.of(
                tone,
                texts.get("replicate." + key + ".title", slot, owner, follower),
                texts.get("replicate." + key + ".text", slot, owner, follower));
    }

    /// `the source` or `the target`.
    String sideName(Side side) {
        return texts.of("side.the", side);
    }
}
