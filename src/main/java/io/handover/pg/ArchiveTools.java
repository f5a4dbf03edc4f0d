package io.handover.pg;

import java.nio.file.Path;

/// A `pg_dump` that can dump the source, and a `pg_restore` that reads what it writes.
///
/// @param dump    the program
/// @param restore the program; of the same major version or a newer one
/// @param major   the major version of `dump`
/// @param version of `dump`, as it says itself, for example `15.18`
public record ArchiveTools(Path dump, Path restore, int major, String version) {

    /// Which ones they are, for people.
    public String display() {
        Path folder = dump.getParent();
        return "pg_dump and pg_restore " + version + (folder == null ? "" : " from " + folder);
    }
}
