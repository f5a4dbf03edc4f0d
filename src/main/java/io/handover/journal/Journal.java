package io.handover.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `journal.jsonl` in a migration's folder: append-only, forced to disk before `append` returns, locked against a
/// second Handover, its torn last line cut off when it is opened. Not thread-safe: the conductor owns it.
public final class Journal implements AutoCloseable {

    /// The file's name in the migration's folder.
    public static final String FILE = "journal.jsonl";

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final InstantSource clock;
    private final String who;
    private final List<Line> lines;

    private Journal(Path file, FileChannel channel, FileLock lock, InstantSource clock, String who, List<Line> lines) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        this.clock = clock;
        this.who = who;
        this.lines = lines;
    }

    /// Opens the journal in `folder`, making both where they are missing.
    ///
    /// @param who user and host, noted with each line
    /// @throws JournalBusy    if another process or this one has it open
    /// @throws JournalDamaged if a line other than the last cannot be read
    public static Journal open(Path folder, InstantSource clock, String who) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        boolean isNew = !Files.exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel, file);
            if (isNew) {
                forceFolder(folder);
            }
            byte[] bytes = Files.readAllBytes(file);
            var lines = new ArrayList<Line>();
            int whole = parse(bytes, lines);
            if (whole < bytes.length) {
                channel.truncate(whole);
                channel.force(true);
            }
            channel.position(whole);
            return new Journal(file, channel, lock, clock, who, lines);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Reads a journal without locking it: for a list of migrations, while another process may write.
    public static List<Line> read(Path folder) throws IOException {
        var lines = new ArrayList<Line>();
        parse(Files.readAllBytes(folder.resolve(FILE)), lines);
        return lines;
    }

    /// Adds `entry` and forces it to disk.
    ///
    /// @throws IOException if that cannot be proved to have worked: the migration must stop
    public Line append(Entry entry) throws IOException {
        return append(new Line(lines.size() + 1L, clock.instant(), who, entry));
    }

    /// Catches up with what another workstation wrote after this one. A tail that only this one knows is kept if the
    /// others' lines end before it. If they go on differently, somebody went on with the migration before that tail
    /// had reached the target: what came after is true then, and the tail is set aside in a file of its own.
    ///
    /// @param others from the first line on, without gaps; empty if nobody wrote any
    /// @return the file; empty if nothing was set aside
    public Optional<Path> catchUp(List<Line> others) throws IOException {
        int same = 0;
        while (same < lines.size() && same < others.size() && lines.get(same).equals(others.get(same))) {
            same++;
        }
        if (same == others.size()) {
            return Optional.empty();
        }
        Optional<Path> aside = same < lines.size() ? Optional.of(setAside(same)) : Optional.empty();
        for (Line line : others.subList(same, others.size())) {
            append(line);
        }
        return aside;
    }

    /// Copied first, so that nothing is lost if the power goes in between.
    private Path setAside(int from) throws IOException {
        Path copy = file.resolveSibling("journal-set-aside-" + clock.instant().toEpochMilli() + ".jsonl");
        Files.copy(file, copy);
        long keep = 0;
        byte[] bytes = Files.readAllBytes(copy);
        for (int line = 0; line < from; keep++) {
            line += bytes[(int) keep] == '\n' ? 1 : 0;
        }
        try (FileChannel durable = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            durable.force(true);
        }
        channel.truncate(keep);
        channel.position(keep);
        channel.force(true);
        lines.subList(from, lines.size()).clear();
        return copy;
    }

    /// Who signs the lines that are appended here.
    public String who() {
        return who;
    }

    /// What has happened so far, oldest first.
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    private Line append(Line line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JournalJson.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
        lines.add(line);
        return line;
    }

    private static FileLock lock(FileChannel channel, Path file) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new JournalBusy("another Handover has " + file + " open");
        }
        return lock;
    }

    /// @return the length of the part that consists of whole, readable lines
    private static int parse(byte[] bytes, List<Line> into) throws JournalDamaged {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                var text = new ByteArrayOutputStream(i - start);
                text.write(bytes, start, i - start);
                Line line = JournalJson.line(text.toString(StandardCharsets.UTF_8));
                if (line.number() != into.size() + 1) {
                    throw new JournalDamaged(
                            "line " + (into.size() + 1) + " of the journal has the number " + line.number());
                }
                into.add(line);
                start = i + 1;
            }
        }
        return start; // behind it: a line that was being written when the power went
    }

    private static void forceFolder(Path folder) throws IOException {
        // The file's name is durable only when its folder is; Windows cannot open a folder and needs no such thing.
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /// When the last line was written; the epoch for an empty journal.
    public static Instant changedAt(List<Line> lines) {
        return lines.isEmpty() ? Instant.EPOCH : lines.getLast().at();
    }
}
