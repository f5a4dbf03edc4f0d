package io.handover.model;

/// One of the two servers of a migration. The names stay with the servers for good: after the
/// cutover the source is still `SOURCE`, it only no longer owns the data.
public enum Side {
    /// The server that owned the data when the migration began.
    SOURCE,
    /// The server the data moves to.
    TARGET;

    /// The other server.
    public Side other() {
        return this == SOURCE ? TARGET : SOURCE;
    }

    /// `source` or `target`, as people and the mark on the servers write it.
    public String word() {
        return this == SOURCE ? "source" : "target";
    }

    /// Reads `source` or `target`.
    ///
    /// @throws IllegalArgumentException for anything else
    public static Side of(String word) {
        return switch (word) {
            case "source" -> SOURCE;
            case "target" -> TARGET;
            default -> throw new IllegalArgumentException("neither source nor target: " + word);
        };
    }
}
