package io.handover.model;

/// The passwords of one migration, kept apart from its plan so that a plan can be stored.
///
/// @param source for the source's user
/// @param target for the target's user
public record Credentials(Secret source, Secret target) {

    /// The one for `side`.
    public Secret of(Side side) {
        return side == Side.SOURCE ? source : target;
    }
}
