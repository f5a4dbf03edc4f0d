package io.handover.model;

/// A password. It can be handed to a driver, and to nothing that prints: `toString` masks it,
/// and it is no record, so that no generated method and no JSON mapper shows it.
public final class Secret {

    private static final Secret NONE = new Secret("");

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /// No password: trust, peer, certificate, or the driver's own `.pgpass`.
    public static Secret none() {
        return NONE;
    }

    /// Wraps `value`; an empty one is `none()`.
    public static Secret of(String value) {
        return value.isEmpty() ? NONE : new Secret(value);
    }

    /// The password itself, for the driver only.
    public String reveal() {
        return value;
    }

    /// True if there is no password.
    public boolean isNone() {
        return value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return isNone() ? "(no password)" : "••••••";
    }
}
