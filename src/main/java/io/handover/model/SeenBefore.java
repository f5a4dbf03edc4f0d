package io.handover.model;

/// Which transactions of either server a comparison could see when it began: what was changed by a later one it may
/// not have seen.
///
/// @param source numbers of the source's transactions, as `pg.AlteredTables` reads them
/// @param target the same of the target's
public record SeenBefore(String source, String target) {

    /// That of one side.
    public String of(Side side) {
        return side == Side.SOURCE ? source : target;
    }
}
