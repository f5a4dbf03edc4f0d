package io.handover.model;

/// Finds the password of a connection that is not one of the two servers, when it is needed. Any thread; may ask a
/// person, and so take its time.
@FunctionalInterface
public interface PasswordLookup {

    /// Knows none.
    PasswordLookup NONE = _ -> Secret.none();

    /// The password for `profile`; none if none is known.
    Secret of(Profile profile);
}
