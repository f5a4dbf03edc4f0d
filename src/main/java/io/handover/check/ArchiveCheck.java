package io.handover.check;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.pg.ArchivePlace;
import io.handover.pg.ArchiveTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Programs, a folder and room for an archive, should the rows go through one.
final class ArchiveCheck implements Check {

    private static final long MB = 1_000_000;

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        if (with.plan().copyMethod() != CopyMethod.ARCHIVE) {
            return List.of();
        }
        int major = with.sourceFacts().major();
        Optional<ArchiveTools> tools = with.archive();
        if (tools.isEmpty()) {
            return List.of(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "This computer has no pg_dump " + major + " or newer with its pg_restore",
                    "The rows are to go through an archive; the built-in pg_dump writes none.",
                    PgDumpCheck.install(major) + " Or choose another way for the rows."));
        }
        Archive archive = with.plan().archive();
        if (archive.compressionFor(tools.get().major()).isEmpty()) {
            return List.of(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "pg_dump " + tools.get().version() + " cannot compress with " + archive.compression(),
                    "Methods other than gzip came with version 16.",
                    "Choose a level from 0 to 9, or install a newer pg_dump."));
        }
        try {
            Path folder = ArchivePlace.folder(archive);
            return List.of(
                    room(with, tools.get(), folder, Files.getFileStore(folder).getUsableSpace()));
        } catch (IOException e) {
            return List.of(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "There is no place for the archive",
                    String.valueOf(e.getMessage()),
                    "Choose a folder that exists and that you may write to."));
        }
    }

    private Finding room(CheckContext with, ArchiveTools tools, Path folder, long free) {
        long most = with.tables().stream().mapToLong(TableInfo::bytes).sum();
        String figures = "The tables have " + most / MB + " MB with their indexes, " + folder + " has " + free / MB
                + " MB free. An archive has no indexes and is compressed; how well depends on the rows.";
        return free > most
                ? Findings.note(name(), Side.SOURCE, "The rows go through an archive, with " + tools.display(), figures)
                : Findings.warning(
                        name(),
                        Side.SOURCE,
                        "The archive may not have room enough",
                        figures + " Should the disk be full, the copy fails and nothing is left behind.",
                        "Make room, or choose a folder on a bigger disk.");
    }
}
