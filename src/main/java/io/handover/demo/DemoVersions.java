package io.handover.demo;

import java.util.NavigableSet;
import java.util.OptionalInt;

/// Which PostgreSQL hands over to which in the demo.
///
/// @param source major version of the source
/// @param target major version of the target; higher
public record DemoVersions(int source, int target) {

    /// The newest that is still worth being left: a demo from 17 to 18 would impress nobody.
    private static final int NEWEST_SOURCE = 16;

    /// To the newest there is, from one whose schema this machine's `pg_dump` can read.
    ///
    /// @param pgDump    its major version; empty if the machine has none, then the choice is free and the preflight
    ///                  will say how to get one
    /// @param available major versions there are programs of
    /// @throws IllegalStateException if there are fewer than two, in words for people
    public static DemoVersions choose(OptionalInt pgDump, NavigableSet<Integer> available) {
        if (available.size() < 2) {
            throw new IllegalStateException(
                    "The demo needs PostgreSQL servers of two versions, and finds " + available);
        }
        int target = available.last();
        var older = available.headSet(target, false);
        Integer source = older.floor(Math.min(pgDump.orElse(NEWEST_SOURCE), NEWEST_SOURCE));
        return new DemoVersions(source == null ? older.first() : source, target);
    }
}
