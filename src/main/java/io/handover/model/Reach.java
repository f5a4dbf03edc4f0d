package io.handover.model;

/// The address under which one server reaches the other, where it differs from the one this computer uses.
///
/// @param host empty to use the profile's host
/// @param port 0 to use the profile's port
public record Reach(String host, int port) {

    /// The same address as this computer uses.
    public static Reach same() {
        return new Reach("", 0);
    }

    /// The host to use for `profile`.
    public String hostOf(Profile profile) {
        return host.isEmpty() ? profile.host() : host;
    }

    /// The port to use for `profile`.
    public int portOf(Profile profile) {
        return port == 0 ? profile.port() : port;
    }
}
