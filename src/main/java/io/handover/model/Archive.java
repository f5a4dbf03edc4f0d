package io.handover.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// The archive that a copy by `pg_dump` and `pg_restore` goes through.
///
/// @param folder      the existing folder in which it is kept; empty for a temporary one that is removed
///                    afterwards
/// @param format      how `pg_dump` writes it
/// @param compression as `pg_dump --compress` has it: a level from 0 to 9, or from version 16 on a
///                    method with its details, such as `zstd:3`
public record Archive(String folder, Format format, String compression) {

    /// PostgreSQL's own grammar of it, without its room for mistakes.
    private static final Pattern COMPRESSION =
            Pattern.compile("[0-9]|none|gzip(:[0-9])?|lz4(:[0-9]{1,2})?|zstd(:[a-z0-9=,]{1,40})?");

    /// Temporary, written by several workers, compressed a little.
    public static final Archive TEMPORARY = new Archive("", Format.DIRECTORY, "1");

    /// The formats of `pg_dump` that `pg_restore` reads by table.
    public enum Format {
        /// A folder with a file for each table, several written at a time.
        DIRECTORY,
        /// One file, written by one worker.
        CUSTOM
    }

    /// Refuses a compression that `pg_dump` does not know.
    public Archive {
        folder = folder.strip();
        compression = compression.strip();
        if (!COMPRESSION.matcher(compression).matches()) {
            throw new IllegalArgumentException("the archive's compression must be a level from 0 to 9, or gzip, lz4,"
                    + " zstd or none with details as pg_dump has them, for example zstd:3; not " + compression);
        }
    }

    /// Whether it stays.
    public boolean kept() {
        return !folder.isEmpty();
    }

    /// How to say the compression to a `pg_dump` of version `major`: before 16 it knew levels only.
    ///
    /// @return empty if it has no words for it
    public Optional<String> compressionFor(int major) {
        if (major >= 16) {
            return Optional.of(compression);
        }
        return switch (compression) {
            case "none" -> Optional.of("0");
            case "gzip" -> Optional.of("6");
            default ->
                compression.startsWith("gzip:") || compression.length() == 1
                        ? Optional.of(compression.substring(compression.length() - 1))
                        : Optional.empty();
        };
    }
}
