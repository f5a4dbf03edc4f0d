package io.handover.model;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Tells one migration from another on both servers and on disk.
///
/// @param value eight lower-case hexadecimal digits: short enough for every object's name
public record MigrationId(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}");

    /// Refuses every other form, so that the value is safe inside names and paths.
    public MigrationId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a migration's id: " + value);
        }
    }

    /// A new one.
    public static MigrationId random(RandomGenerator random) {
        return new MigrationId("%08x".formatted(random.nextInt()));
    }

    /// The publication on `owner`, the server that is being followed.
    public String publication(Side owner) {
        return "handover_" + value + "_" + (owner == Side.SOURCE ? "fwd" : "rev");
    }

    /// The replication slot on `owner`. Slots are cluster-wide, hence the id in the name.
    public String slot(Side owner) {
        return publication(owner);
    }

    /// The subscription that follows `owner`; it lives on the other server.
    public String subscription(Side owner) {
        return publication(owner);
    }

    @Override
    public String toString() {
        return value;
    }
}
