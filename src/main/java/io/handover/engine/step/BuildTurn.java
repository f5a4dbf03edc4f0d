package io.handover.engine.step;

/// In which order things are built at one table. What concerns other tables goes on meanwhile.
enum BuildTurn {
    /// Indexes, those of keys as well.
    BUILD("Building keys and indexes"),
    /// Keys of the indexes that were built for them.
    SAY("Making keys of their indexes"),
    /// Indexes of partitions become parts of their parents' ones.
    ATTACH("Joining the indexes of partitions"),
    /// Foreign keys that are not checked yet.
    ADD("Adding foreign keys"),
    /// Foreign keys and other constraints; statistics.
    CHECK("Checking foreign keys and constraints, gathering statistics");

    private final String words;

    BuildTurn(String words) {
        this.words = words;
    }

    /// What the screen says meanwhile.
    String words() {
        return words;
    }
}
