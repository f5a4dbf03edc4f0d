package io.handover.model;

import java.util.Optional;

/// Which transactions of either server a comparison could see when it began, and how the stream stood: what was changed
/// by a later one it may not have seen.
///
/// @param source numbers of the source's transactions, as `pg.AlteredTables` reads them
/// @param target the same of the target's
/// @param stream the stream over which both sides were compared; empty in journals older than that
public record SeenBefore(String source, String target, Optional<StreamSeen> stream) {

    /// Of an older journal's too.
    public SeenBefore {
        stream = stream == null ? Optional.empty() : stream;
    }

    /// That of one side.
    public String of(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /// The same with the stream.
    public SeenBefore with(StreamSeen seen) {
        return new SeenBefore(source, target, Optional.of(seen));
    }
}
