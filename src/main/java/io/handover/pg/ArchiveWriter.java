package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Archive;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.TableRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs `pg_dump` to write an archive out of an exported snapshot.
///
/// The connection travels in its environment, as for the schema: a password never shows in the process
/// list.
public final class ArchiveWriter {

    /// Windows takes no command line above 32,767 characters.
    private static final int ROOM_FOR_NAMES = 24_000;

    /// Said by `pg_dump` itself, not by a server, hence in English.
    private static final String LOCK_REFUSED = "could not obtain lock on relation";

    private final ArchiveTools tools;
    private final Endpoint source;
    private final MigrationId id;
    private final NamedThreads threads;

    /// @param source what is dumped
    public ArchiveWriter(ArchiveTools tools, Endpoint source, MigrationId id, NamedThreads threads) {
        this.tools = tools;
        this.source = source;
        this.id = id;
        this.threads = threads;
    }

    /// Writes the archive. One that is kept has everything a database can be made of again, schema and
    /// large objects too; a temporary one the rows only.
    ///
    /// @param place     where to, empty yet
    /// @param snapshot  of `pg_export_snapshot`, alive until this returns
    /// @param jobs      tables read at a time; holds for `DIRECTORY` only
    /// @param left      tables that are not wanted, those first that had better not be read; as many as
    ///                  a command line has room for are not
    /// @param meanwhile called ten times a second, on this thread
    /// @param pace      in bytes that come from the source
    /// @param gate      Pause holds what comes from the source; Stop ends it, on the server too, and throws
    /// @throws PgDumpFailure if `pg_dump` failed; its words, without secrets
    public void write(
            Archive archive,
            ArchivePlace place,
            String snapshot,
            int jobs,
            List<TableRef> left,
            Pace pace,
            Gate gate,
            Runnable meanwhile)
            throws PgDumpFailure, StoppedException, InterruptedException {
        try (var relay = new PacedRelay(source.profile(), threads, pace, gate);
                var environment = new PgDumpEnvironment(source, ArchiveSessions.name(id), " -c lc_monetary=C")) {
            var process = new ProcessBuilder(command(archive, place, snapshot, jobs, left));
            environment.apply(process.environment());
            PgDumpEnvironment.through(relay.address(), process.environment());
            try {
                new PgDumpProcess(process, threads, source.password()).run(gate, meanwhile);
            } catch (PgDumpFailure e) {
                if (relay.failure().isPresent()) { // all that pg_dump knows of it is that its connection has ended
                    IOException why = relay.failure().get();
                    throw new PgDumpFailure(
                            "The source cannot be reached: " + why.getMessage() + ". " + e.getMessage(), e);
                }
                throw e;
            }
            place.finished();
        } catch (IOException e) {
            throw new PgDumpFailure("pg_dump could not be run: " + e.getMessage(), e);
        }
    }

    /// Whether somebody who wanted a table for himself made a parallel `pg_dump` fail: its workers do
    /// not wait for a lock behind him, because he waits for the first of them. One that works alone has
    /// every lock from the beginning.
    public static boolean aloneMayHelp(PgDumpFailure failure) {
        return String.valueOf(failure.getMessage()).contains(LOCK_REFUSED);
    }

    private List<String> command(Archive archive, ArchivePlace place, String snapshot, int jobs, List<TableRef> left) {
        boolean folder = archive.format() == Archive.Format.DIRECTORY;
        var command = new ArrayList<String>(List.of(
                tools.dump().toString(),
                "--format=" + (folder ? "directory" : "custom"),
                "--file=" + place.part(),
                "--snapshot=" + snapshot,
                "--compress=" + archive.compressionFor(tools.major()).orElse(archive.compression()),
                "--no-password",
                "--encoding=UTF8",
                "--quote-all-identifiers",
                "--no-publications",
                "--no-subscriptions",
                "--exclude-schema=" + HandoverSchema.NAME,
                "--lock-wait-timeout=30s"));
        if (folder) {
            command.add("--jobs=" + jobs);
        }
        if (!archive.kept()) {
            command.addAll(List.of("--data-only", "--no-blobs", "--no-sync"));
        }
        int room = ROOM_FOR_NAMES;
        for (TableRef table : left) {
            String name = "--exclude-table=" + SqlNames.quoted(table); // quoted, a name is no pattern
            room -= name.length() + 3;
            if (room < 0) {
                break; // dumped, and not restored
            }
            command.add(name);
        }
        return command;
    }
}
