package io.handover.pg;

import io.handover.model.Archive;
import io.handover.model.MigrationId;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Where an archive lies on this computer: for nobody else to read, and under its final name only once
/// it is whole.
///
/// What is only needed meanwhile lies in a private folder with the migration's id in its name, so that
/// the next run finds what a killed one has left.
public final class ArchivePlace implements AutoCloseable {

    private static final String PRIVATE = "rwx------";

    private final Path work;
    private final Path part;
    private final Path whole;
    private final Archive.Format format;

    private ArchivePlace(Archive.Format format, Path work, Path part, Path whole) {
        this.format = format;
        this.work = work;
        this.part = part;
        this.whole = whole;
    }

    /// Makes room for an archive and removes what an earlier run of the same migration has left half
    /// done.
    ///
    /// @throws IOException if it cannot be written there; says why, for people
    public static ArchivePlace make(Archive archive, MigrationId id) throws IOException {
        remove(id);
        Path work = work(id);
        try {
            Files.createDirectory(work, only(work, PRIVATE));
        } catch (IOException e) {
            throw new IOException("The temporary folder " + work + " cannot be made: " + reason(e), e);
        }
        try {
            String name = "handover-" + id + (archive.format() == Archive.Format.CUSTOM ? ".dump" : "");
            Path folder = archive.kept() ? folder(archive) : work;
            Path part = folder.resolve(name + ".part");
            var place = new ArchivePlace(archive.format(), work, part, folder.resolve(name));
            place.again();
            return place;
        } catch (IOException e) {
            delete(work);
            throw new IOException("The archive cannot be written: " + reason(e), e);
        }
    }

    /// Removes what a run that was killed has left in the temporary folder.
    public static void remove(MigrationId id) throws IOException {
        delete(work(id));
    }

    /// The folder the user names, or the one for temporary files.
    ///
    /// @throws IOException if it is none, for people
    public static Path folder(Archive archive) throws IOException {
        Path folder;
        try {
            folder = Path.of(archive.kept() ? archive.folder() : System.getProperty("java.io.tmpdir"));
        } catch (InvalidPathException e) {
            throw new IOException(archive.folder() + " is not the name of a folder", e);
        }
        if (!folder.isAbsolute()) {
            throw new IOException(folder + " has to be given from the root on, as it is used by later runs too");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("the folder " + folder + " does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw new IOException("the folder " + folder + " cannot be written by this user");
        }
        return folder;
    }

    /// Bytes that this user may still write where the archive would lie.
    ///
    /// @throws IOException if there is no such place, for people
    public static long free(Archive archive) throws IOException {
        return Files.getFileStore(folder(archive)).getUsableSpace();
    }

    /// Where `pg_dump` writes.
    Path part() {
        return part;
    }

    /// Where it lies once it is whole.
    public Path whole() {
        return whole;
    }

    /// A private folder for what is needed meanwhile.
    Path work() {
        return work;
    }

    /// Removes what was written, for a further try.
    public void again() throws IOException {
        delete(part);
        // pg_dump takes an empty folder, and makes others with whatever rights the user's umask leaves
        if (format == Archive.Format.DIRECTORY) {
            Files.createDirectory(part, only(part, PRIVATE));
        } else {
            Files.createFile(part, only(part, "rw-------"));
        }
    }

    /// Calls the archive whole; one that was there before under its name goes.
    void finished() throws IOException {
        delete(whole);
        try {
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, whole);
        }
    }

    /// What lies there now, whole or not; a file that goes meanwhile counts as nothing.
    public long bytes() throws IOException {
        var sum = new long[1];
        for (Path from : new Path[] {part, whole}) {
            walk(from, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                    sum[0] += is.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return sum[0];
    }

    /// Removes all but an archive that is whole and was asked for.
    @Override
    public void close() throws IOException {
        delete(part);
        delete(work);
    }

    private static Path work(MigrationId id) {
        return Path.of(System.getProperty("java.io.tmpdir")).resolve("handover-" + id + "-archive");
    }

    /// On Windows the folder's own rights hold: a user's temporary folder there is his alone.
    private static FileAttribute<?>[] only(Path path, String rights) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    private static void walk(Path from, SimpleFileVisitor<Path> visitor) throws IOException {
        if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(from, visitor);
        }
    }

    /// Follows no link.
    private static void delete(Path from) throws IOException {
        walk(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? file.getClass().getSimpleName() + " " + file.getFile()
                : String.valueOf(e.getMessage());
    }
}
