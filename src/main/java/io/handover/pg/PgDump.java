package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `pg_dump` of this computer, run as a child process; where none will do, the built-in one.
/// Thread-safe.
public final class PgDump {

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");

    private final List<Path> folders;
    private final Optional<BuiltInPgDump> builtIn;
    private final NamedThreads threads;
    private final Map<Path, Optional<PgDumpSearch.Found>> asked = new HashMap<>();

    /// Looks in `folders` only, the first first among equal versions; has none built in.
    public PgDump(List<Path> folders, NamedThreads threads) {
        this(folders, Optional.empty(), threads);
    }

    PgDump(List<Path> folders, Optional<BuiltInPgDump> builtIn, NamedThreads threads) {
        this.folders = List.copyOf(folders);
        this.builtIn = builtIn;
        this.threads = threads;
    }

    /// Looks on the PATH and where the usual installers put it.
    public static PgDump installed(NamedThreads threads) {
        return new PgDump(PgDumpFolders.usual(System.getenv()), BuiltInPgDump.find(threads), threads);
    }

    /// Finds the lowest version that can dump a server of `sourceMajor`: the lower, the less it knows that
    /// the target might not. Each program is asked for its version once and remembered; one that does not
    /// answer in 10 s counts as not there. A program is preferred to the built-in one: it is many times as fast.
    public PgDumpSearch find(int sourceMajor) throws InterruptedException {
        List<PgDumpSearch.Found> found = programs();
        return found.stream()
                .filter(tool -> tool.major() >= sourceMajor)
                .min(Comparator.comparingInt(PgDumpSearch.Found::major))
                .<PgDumpSearch>map(tool -> tool)
                .or(() -> builtIn.map(BuiltInPgDump::found).filter(tool -> tool.major() >= sourceMajor))
                .orElseGet(() -> found.isEmpty()
                        ? new PgDumpSearch.Missing(sourceMajor)
                        : new PgDumpSearch.TooOld(found, sourceMajor));
    }

    /// Finds the lowest version that can dump a server of `sourceMajor` and has a `pg_restore` beside it
    /// that is not older. The built-in one cannot write archives.
    ///
    /// @return empty if there is none
    public Optional<ArchiveTools> archiveTools(int sourceMajor) throws InterruptedException {
        var usable = programs().stream()
                .filter(tool -> tool.major() >= sourceMajor)
                .sorted(Comparator.comparingInt(PgDumpSearch.Found::major))
                .toList();
        for (PgDumpSearch.Found tool : usable) {
            Path file = tool.path().getFileName();
            Path restore = tool.path().resolveSibling(String.valueOf(file).replace("pg_dump", "pg_restore"));
            Optional<PgDumpSearch.Found> reader = isProgram(restore) ? ask(restore) : Optional.empty();
            if (reader.filter(found -> found.major() >= tool.major()).isPresent()) {
                return Optional.of(new ArchiveTools(tool.path(), restore, tool.major(), tool.version()));
            }
        }
        return Optional.empty();
    }

    /// Every `pg_dump` there is, in the order of the folders.
    private List<PgDumpSearch.Found> programs() throws InterruptedException {
        var found = new ArrayList<PgDumpSearch.Found>();
        for (Path folder : folders) {
            for (String name : List.of("pg_dump", "pg_dump.exe")) {
                Path program = folder.resolve(name);
                if (isProgram(program)) {
                    ask(program).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && Files.isRegularFile(file);
    }

    /// Dumps the schema of a database, without publications, subscriptions and Handover's own schema.
    ///
    /// The connection travels in the child's environment: a password never shows in the process list, and a
    /// database whose name looks like a connection string is still a name.
    ///
    /// @param tool from `find`
    /// @param gate Stop ends the run, on the server too, and throws
    /// @return the plain dump with its verbose headings, for `DumpSplitter`
    /// @throws PgDumpFailure if `pg_dump` failed; its words, without secrets
    public String schema(PgDumpSearch.Usable tool, Endpoint source, PgDumpOptions options, Gate gate)
            throws PgDumpFailure, StoppedException, InterruptedException {
        return switch (tool) {
            case PgDumpSearch.Found program -> run(program, source, options, gate);
            case PgDumpSearch.BuiltIn _ ->
                builtIn.orElseThrow(() -> new PgDumpFailure("This Handover has no pg_dump built in."))
                        .schema(source, options, gate);
        };
    }

    private String run(PgDumpSearch.Found tool, Endpoint source, PgDumpOptions options, Gate gate)
            throws PgDumpFailure, StoppedException, InterruptedException {
        try (var environment = new PgDumpEnvironment(source, Server.APPLICATION + " schema", "")) {
            var command = new ArrayList<String>();
            command.add(tool.path().toString());
            command.addAll(options.arguments());
            var process = new ProcessBuilder(command);
            environment.apply(process.environment());
            return new PgDumpProcess(process, threads, source.password()).run(gate);
        } catch (IOException e) {
            throw new PgDumpFailure("pg_dump could not be run: " + e.getMessage(), e);
        }
    }

    private synchronized Optional<PgDumpSearch.Found> ask(Path program) throws InterruptedException {
        var known = asked.get(program);
        if (known == null) {
            known = version(program);
            asked.put(program, known);
        }
        return known;
    }

    private Optional<PgDumpSearch.Found> version(Path program) throws InterruptedException {
        try {
            String said = PgDumpProcess.output(new ProcessBuilder(program.toString(), "--version"));
            Matcher matcher = VERSION.matcher(said);
            return matcher.find()
                    ? Optional.of(new PgDumpSearch.Found(program, Integer.parseInt(matcher.group(2)), matcher.group(1)))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // broken, or for another processor: as good as none
        }
    }
}
