package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.model.Secret;
import io.handover.model.TableRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What one `pg_restore` writes: table by table a `COPY` statement, then the rows. One thread, but for
/// `abort`.
public final class ArchiveRows {

    private final Process process;
    private final CopyScript script;
    private final PgDumpProcess.Collected said;
    private final Thread listener;
    private final Path list;
    private Optional<String> next = Optional.empty();
    private boolean peeked;

    private ArchiveRows(Process process, CopyScript script, PgDumpProcess.Collected said, Thread listener, Path list) {
        this.process = process;
        this.script = script;
        this.said = said;
        this.listener = listener;
        this.list = list;
    }

    /// Starts the program.
    ///
    /// @param list removed at the end
    static ArchiveRows of(ProcessBuilder builder, NamedThreads threads, Path list) throws IOException {
        Process process = builder.start();
        process.getOutputStream().close();
        InputStream output = process.getInputStream();
        var said = new PgDumpProcess.Collected(process.getErrorStream());
        return new ArchiveRows(process, new CopyScript(output), said, threads.start("pg_restore messages", said), list);
    }

    /// Whether the next table is `table`, by the name in the archive.
    ///
    /// @throws PgDumpFailure if `pg_restore` has failed
    public boolean isAt(TableRef table) throws PgDumpFailure, InterruptedException {
        return peek().filter(next -> next.startsWith("COPY " + SqlNames.quoted(table) + " "))
                .isPresent();
    }

    /// The statement of the next table as `pg_dump` has it, whose rows come next; empty after the last. When this has
    /// returned, `pg_restore` has read all of the tables before.
    ///
    /// @throws PgDumpFailure if `pg_restore` has failed
    Optional<String> peek() throws PgDumpFailure, InterruptedException {
        if (!peeked) {
            try {
                next = script.next();
                if (next.isEmpty()) {
                    await();
                }
            } catch (IOException e) {
                throw failure(e);
            }
            peeked = true;
        }
        return next;
    }

    /// Goes on to the rows of the next table.
    ///
    /// @return as `peek`
    Optional<String> next() throws PgDumpFailure, InterruptedException {
        Optional<String> statement = peek();
        peeked = false;
        return statement;
    }

    /// The next bytes of the table's rows.
    ///
    /// @return how many; -1 after the last
    int read(byte[] into) throws PgDumpFailure, InterruptedException {
        try {
            return script.read(into);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Ends the program; any thread.
    public void abort() {
        process.destroyForcibly();
    }

    /// Ends the program and waits until nothing of it runs here any more.
    public void end() throws InterruptedException {
        process.destroyForcibly(); // it writes nothing but to us
        listener.join();
        try {
            Files.deleteIfExists(list);
        } catch (IOException _) {
            // its folder goes with everything in it at the end
        }
    }

    /// Rows that were read are good only if the program says that it has come to its end.
    private void await() throws PgDumpFailure, InterruptedException, IOException {
        int status = process.waitFor();
        listener.join();
        if (status != 0) {
            throw PgDumpFailure.of(said.text(), status, Secret.none());
        }
    }

    /// Its own words say more than that its output has ended.
    private PgDumpFailure failure(IOException e) throws InterruptedException {
        try {
            await();
        } catch (PgDumpFailure failed) {
            return failed;
        } catch (IOException unread) {
            e.addSuppressed(unread);
        }
        return new PgDumpFailure("pg_restore's output cannot be read: " + e.getMessage(), e);
    }
}
