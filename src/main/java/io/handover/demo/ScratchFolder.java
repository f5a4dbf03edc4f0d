package io.handover.demo;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A temporary folder, for a server or for the demo itself: locked while it is used, removed at the end, and found by
/// the next run if this one was killed.
///
/// The lock is a file beside the folder, so that there is no moment in which a living folder looks abandoned.
final class ScratchFolder implements AutoCloseable, AtExit.Leftover {

    private static final Logger LOG = System.getLogger(ScratchFolder.class.getName());
    private static final String LOCK = ".lock";

    /// This JVM's own lock files. They must never be opened a second time: closing any of a process's channels to
    /// a file gives up its lock.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path lockFile;
    private final FileChannel channel;

    private ScratchFolder(Path folder, Path lockFile, FileChannel channel) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /// Makes a new one, and removes what killed runs have left, their servers included.
    ///
    /// @param kind how its name begins
    static ScratchFolder create(String kind) throws IOException, InterruptedException {
        Path base = base();
        sweep(base);
        while (true) {
            String name = kind + "-" + UUID.randomUUID();
            Path lockFile = base.resolve(name + LOCK);
            OURS.add(lockFile);
            var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // between the two calls another process's sweep may have taken the fresh file for an abandoned one
            if (channel.tryLock() != null && Files.exists(lockFile)) {
                return new ScratchFolder(Files.createDirectory(base.resolve(name)), lockFile, channel);
            }
            channel.close();
            OURS.remove(lockFile);
        }
    }

    /// Where PostgreSQL's programs are unpacked; kept for the next run.
    static Path programs() throws IOException {
        return Files.createDirectories(base().resolve("programs"));
    }

    /// The folder itself.
    Path path() {
        return folder;
    }

    /// A server's data; made by `initdb`.
    Path data() {
        return folder.resolve("data");
    }

    /// What a server and its tools print.
    Path log() {
        return folder.resolve("server.log");
    }

    /// A file in this folder that nobody else can read.
    Path secretFile(String name) throws IOException {
        Path file = folder.resolve(name);
        return posix()
                ? Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createFile(file);
    }

    /// Removes everything; a server in it must have ended.
    @Override
    public void close() throws IOException {
        remove(folder);
        channel.close();
        Files.deleteIfExists(lockFile);
        OURS.remove(lockFile);
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /// One folder a user. It must be ours: programs are started from it.
    private static Path base() throws IOException {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9]", "_");
        Path base = Path.of(System.getProperty("java.io.tmpdir"), "handover-servers-" + user);
        if (!Files.isDirectory(base)) {
            if (posix()) {
                Files.createDirectories(
                        base, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(base);
            }
        }
        Path probe = Files.createTempFile("handover", "owner");
        try {
            if (!Files.getOwner(base).equals(Files.getOwner(probe))) {
                throw new IOException(base + " belongs to somebody else; remove it or set java.io.tmpdir");
            }
        } finally {
            Files.delete(probe);
        }
        return base;
    }

    /// One at a time, for a JVM cannot hold two locks on one file.
    private static synchronized void sweep(Path base) throws IOException, InterruptedException {
        List<Path> locks;
        try (var files = Files.list(base)) {
            locks = files.filter(file -> file.toString().endsWith(LOCK) && !OURS.contains(file))
                    .toList();
        }
        for (Path lockFile : locks) {
            try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                    var lock = channel.tryLock()) {
                if (lock != null) {
                    String name = lockFile.getFileName().toString();
                    removeAbandoned(base.resolve(name.substring(0, name.length() - LOCK.length())));
                    Files.deleteIfExists(lockFile);
                }
            } catch (NoSuchFileException _) {
                // its owner, or another sweep, was quicker
            } catch (IOException e) {
                LOG.log(Level.WARNING, "A former run has left something that cannot be removed", e);
            }
        }
    }

    private static void removeAbandoned(Path folder) throws IOException, InterruptedException {
        var postmaster = Postmaster.of(folder.resolve("data"));
        if (postmaster.isPresent()) {
            Postmaster.kill(postmaster.get());
        }
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (var files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
