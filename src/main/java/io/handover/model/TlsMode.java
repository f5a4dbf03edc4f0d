package io.handover.model;

import java.util.Locale;

/// How much a connection insists on TLS: libpq's `sslmode` without `allow`.
public enum TlsMode {
    /// Never TLS.
    DISABLE,
    /// TLS if the server has it.
    PREFER,
    /// TLS, whoever the server is.
    REQUIRE,
    /// TLS, the certificate signed by a known authority.
    VERIFY_CA,
    /// TLS, the certificate signed by a known authority for this host name.
    VERIFY_FULL;

    /// The word of `sslmode`, for example `verify-full`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Reads a word of `sslmode`; `allow` counts as `prefer`.
    ///
    /// @throws IllegalArgumentException for a word libpq does not know
    public static TlsMode of(String word) {
        for (TlsMode mode : values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        if (word.equals("allow")) {
            return PREFER;
        }
        throw new IllegalArgumentException(
                "unknown sslmode '" + word + "': use disable, prefer, require, verify-ca or verify-full");
    }
}
