package io.handover.model;

/// What a server is for, said by the user; production is drawn in red and says so.
public enum Environment {
    /// Real users depend on it.
    PRODUCTION,
    /// A rehearsal of production.
    STAGING,
    /// For tests and development.
    TEST,
    /// Nobody has said.
    UNTAGGED
}
