package io.handover.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes files that only their owner may read, whole or not at all.
final class PrivateFile {

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int MOST_COPIES = 1000;

    private PrivateFile() {}

    /// Replaces `file`: written beside it, forced to disk, then moved over it, so that a crash leaves the old one
    /// or the new one. Missing folders are made.
    static void write(Path file, byte[] content) throws IOException {
        var target = file.toAbsolutePath();
        var folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var beside = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try {
            writeNew(beside, content);
            Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// Copies a file that could not be understood to `name.broken-1` and so on, so that saving anew loses nothing.
    ///
    /// @return the copy
    static Path keepAside(Path file) throws IOException {
        for (int i = 1; i < MOST_COPIES; i++) {
            var copy = file.resolveSibling(file.getFileName() + ".broken-" + i);
            if (!Files.exists(copy)) {
                write(copy, Files.readAllBytes(file));
                return copy;
            }
        }
        throw new IOException("too many broken copies of " + file);
    }

    private static void writeNew(Path file, byte[] content) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // The rights are there from the first byte on, not set afterwards
        try (var out =
                hasOwners(file) ? FileChannel.open(file, options, OWNER_ONLY) : FileChannel.open(file, options)) {
            var left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
    }

    private static boolean hasOwners(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
