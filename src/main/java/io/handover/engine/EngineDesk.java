package io.handover.engine;

import io.handover.check.Preflight;
import io.handover.check.PreflightUnreachable;
import io.handover.engine.step.Problems;
import io.handover.flow.NamedThreads;
import io.handover.journal.Entry;
import io.handover.journal.Fold;
import io.handover.journal.Journal;
import io.handover.journal.JournalBusy;
import io.handover.journal.JournalJson;
import io.handover.journal.Line;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.ServerInfo;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.DriverLock;
import io.handover.pg.HandoverSchema;
import io.handover.pg.PgDump;
import io.handover.pg.Server;
import io.handover.pg.ServerProbe;
import io.handover.pg.SqlLog;
import io.handover.pg.StatementCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The desk over a folder of journals on this computer, one subfolder a migration.
public final class EngineDesk implements Desk {

    private static final Logger LOG = LoggerFactory.getLogger(EngineDesk.class);

    private final Path folder;
    private final InstantSource clock;
    private final NamedThreads threads;
    private final String who;
    private final PasswordLookup consoles;
    private final ExecutorService work;
    private final Set<MigrationEngine> open = ConcurrentHashMap.newKeySet();

    /// One for migrations without PgBouncers.
    ///
    /// @param who user and host, for the journal
    public EngineDesk(Path folder, InstantSource clock, NamedThreads threads, String who) {
        this(folder, clock, threads, who, PasswordLookup.NONE);
    }

    /// Keeps journals below `folder`.
    ///
    /// @param who      user and host, for the journal
    /// @param consoles passwords of the consoles of PgBouncers
    public EngineDesk(Path folder, InstantSource clock, NamedThreads threads, String who, PasswordLookup consoles) {
        this.folder = folder;
        this.clock = clock;
        this.threads = threads;
        this.who = who;
        this.consoles = consoles;
        this.work = threads.pool("desk", 2);
    }

    @Override
    public CompletableFuture<ServerInfo> test(Endpoint endpoint) {
        return ask(() -> {
            try (var server = new Server(Side.SOURCE, endpoint, new SqlLog(clock));
                    var session = server.open("test")) {
                return ServerProbe.read(session.jdbc());
            } catch (SQLException e) {
                throw new EngineException(Problems.connecting(e, endpoint.profile()), e);
            }
        });
    }

    @Override
    public CompletableFuture<PreflightReport> check(Plan plan, Credentials credentials) {
        return ask(() -> {
            try (var servers = Servers.of(plan, credentials, new SqlLog(clock))) {
                return Preflight.run(
                        plan, servers.source(), servers.target(), PgDump.installed(threads), consoles, clock);
            } catch (PreflightUnreachable e) {
                throw new EngineException(Problems.connecting(e.reason(), plan.profile(e.side())), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EngineException(Problems.bug(e, "checking both servers"), e);
            }
        });
    }

    @Override
    public CompletableFuture<Migration> begin(Plan plan, Credentials credentials) {
        return ask(() -> {
            try (var servers = Servers.of(plan, credentials, new SqlLog(clock))) {
                Remembered.refuse(servers);
            }
            return open(
                    plan,
                    credentials,
                    Remembered::refuse, // somebody may have begun one and let go of it in the meantime
                    journal -> journal.append(new Entry.PlanSet(plan)));
        });
    }

    @Override
    public CompletableFuture<Migration> resume(MigrationId id, Credentials credentials) {
        return ask(() -> {
            MigrationState state = Fold.of(read(folder.resolve(id.value()))).state();
            return open(state.plan(), credentials, journal -> {
                // a colleague who went on meanwhile may reach the servers by other addresses
                Plan now = Fold.of(journal.lines()).state().plan();
                Plan here = now.between(state.plan().source(), state.plan().target());
                if (!here.equals(now)) {
                    journal.append(new Entry.PlanSet(here));
                }
            });
        });
    }

    @Override
    public CompletableFuture<Optional<MigrationState>> look(Endpoint source, Endpoint target) {
        return ask(() -> {
            try (var servers = between(source, target)) {
                Optional<HandoverSchema.Stored> there = Remembered.by(servers);
                return there.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Fold.of(Remembered.lines(servers, there.get().id()))
                                        .state());
            }
        });
    }

    @Override
    public CompletableFuture<Optional<Migration>> attach(Endpoint source, Endpoint target) {
        return ask(() -> {
            var credentials = new Credentials(source.password(), target.password());
            Optional<HandoverSchema.Stored> there;
            try (var servers = between(source, target)) {
                there = Remembered.by(servers);
            }
            if (there.isEmpty()) {
                return Optional.empty();
            }
            // The addresses are those of this computer: a colleague may reach the servers by others.
            Plan plan = JournalJson.plan(there.get().plan()).between(source.profile(), target.profile());
            return Optional.of(open(plan, credentials, journal -> journal.append(new Entry.PlanSet(plan))));
        });
    }

    @Override
    public CompletableFuture<Optional<Migration>> unstarted(Endpoint source, Endpoint target) {
        return ask(() -> {
            Optional<Saved> newest = saved().stream()
                    .filter(s -> s.source().sameDatabase(source.profile())
                            && s.target().sameDatabase(target.profile()))
                    .findFirst();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            MigrationState state =
                    Fold.of(read(folder.resolve(newest.get().id().value()))).state();
            Stage reached = state.failedStage().orElse(state.stage());
            if (reached != Stage.DRAFT && reached != Stage.CHECKED) {
                return Optional.empty(); // it has been on the servers, and is no more
            }
            Plan plan = state.plan().between(source.profile(), target.profile());
            return Optional.of(open(plan, new Credentials(source.password(), target.password()), _ -> {}));
        });
    }

    @Override
    public List<Saved> saved() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(f -> Files.exists(f.resolve(Journal.FILE)))
                    .flatMap(f -> saved(f).stream())
                    .sorted(Comparator.comparing(Saved::changedAt).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for a cutover that is under way.
    @Override
    public void close() {
        open.forEach(MigrationEngine::close);
        try {
            awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        NamedThreads.close(work, Duration.ofSeconds(5));
    }

    /// A migration that the window lets go of keeps its journal and its lock until its last step has ended.
    private void awaitClosed() throws InterruptedException {
        for (MigrationEngine engine : open) {
            if (engine.isClosed()) {
                engine.awaitClosed();
            }
        }
    }

    private Migration open(Plan plan, Credentials credentials, Beginning beginning) throws EngineException {
        return open(plan, credentials, _ -> {}, beginning);
    }

    /// @param condition asked once nobody else can begin one
    private Migration open(Plan plan, Credentials credentials, Condition condition, Beginning beginning)
            throws EngineException {
        awaitClosedNow();
        Servers servers = Servers.of(plan, credentials, new SqlLog(clock));
        try {
            DriverLock lock = lock(servers.target(), plan.id());
            try {
                condition.check(servers);
                Journal journal = Journal.open(folder.resolve(plan.id().value()), clock, who);
                try {
                    catchUp(journal, Remembered.lines(servers, plan.id()));
                    beginning.write(journal);
                    return open(journal, servers, lock);
                } catch (IOException | SQLException | RuntimeException | EngineException e) {
                    journal.close();
                    throw e;
                }
            } catch (IOException | SQLException | RuntimeException | EngineException e) {
                lock.close();
                throw e;
            }
        } catch (JournalBusy e) {
            servers.close();
            throw new EngineException(busy(e.getMessage()), e);
        } catch (IOException e) {
            servers.close();
            throw new EngineException(Problems.journal(e), e);
        } catch (SQLException e) {
            servers.close();
            throw new EngineException(Problems.connecting(e, plan.target()), e);
        } catch (EngineException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /// Whoever drove the migration last has left there what happened: without it, this computer would go on
    /// from where it was itself.
    private static void catchUp(Journal journal, List<Line> remembered) throws IOException {
        int before = journal.lines().size();
        Optional<Path> aside = journal.catchUp(remembered);
        if (aside.isPresent()) {
            LOG.warn("{}: another computer went on before these lines had reached the target", aside.get());
            journal.append(new Entry.Note("Another computer went on with this migration before the last lines that "
                    + journal.who() + " wrote had reached the target; they are in "
                    + aside.get().getFileName() + " beside the journal."));
        } else if (before > 0 && journal.lines().size() > before) {
            LOG.info("{} lines that another computer wrote", journal.lines().size() - before);
        }
    }

    private Migration open(Journal journal, Servers servers, DriverLock lock) throws IOException, SQLException {
        MigrationId id = Fold.of(journal.lines()).state().plan().id();
        var statements = new StatementFile(folder.resolve(id.value()), threads);
        try {
            try (var target = servers.target().monitor()) {
                if (StatementCopy.hasPlace(target)) {
                    statements.adopt(StatementCopy.lines(target, id), StatementCopy.until(target, id));
                }
            }
            var engine =
                    new MigrationEngine(journal, servers, lock, statements, consoles, clock, threads, open::remove);
            open.add(engine);
            engine.recover();
            return engine;
        } catch (IOException | SQLException | RuntimeException e) {
            statements.close();
            throw e;
        }
    }

    private void awaitClosedNow() throws EngineException {
        try {
            awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Problems.bug(e, "waiting for the migration that was open before"), e);
        }
    }

    private static DriverLock lock(Server target, MigrationId id) throws SQLException, EngineException {
        Optional<DriverLock> lock = DriverLock.take(target, id);
        if (lock.isEmpty()) {
            throw new EngineException(busy("driven from " + DriverLock.holder(target, id)));
        }
        return lock.get();
    }

    private static Problem busy(@org.jspecify.annotations.Nullable String who) {
        return new Problem(
                "busy",
                "This migration, or another into the same database, is open in another Handover.",
                "Nothing was changed: only one may drive it.",
                "Close it there, then try again.",
                String.valueOf(who));
    }

    private Servers between(Endpoint source, Endpoint target) {
        var plan = Plan.of(new MigrationId("00000000"), source.profile(), target.profile());
        return Servers.of(plan, new Credentials(source.password(), target.password()), new SqlLog(clock));
    }

    private static List<Line> read(Path folder) throws EngineException {
        try {
            return Journal.read(folder);
        } catch (IOException e) {
            throw new EngineException(
                    new Problem(
                            "journal",
                            "The migration's journal cannot be read.",
                            "Both servers go on as they are.",
                            "Attach to the migration by its two databases instead: the target has a copy.",
                            String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static Optional<Saved> saved(Path folder) {
        try {
            List<Line> lines = Journal.read(folder);
            MigrationState state = Fold.of(lines).state();
            return Optional.of(new Saved(
                    state.plan().id(),
                    state.plan().source(),
                    state.plan().target(),
                    state.stage(),
                    Journal.changedAt(lines)));
        } catch (IOException e) {
            LOG.warn("left out of the list: {}: {}", folder, e.getMessage());
            return Optional.empty();
        }
    }

    private <T> CompletableFuture<T> ask(Work<T> question) {
        var answer = new CompletableFuture<T>();
        work.execute(() -> {
            try {
                answer.complete(question.run());
            } catch (EngineException e) {
                answer.completeExceptionally(e);
            } catch (IOException e) {
                answer.completeExceptionally(new EngineException(Problems.journal(e), e));
            } catch (RuntimeException e) {
                LOG.error("the desk failed", e);
                answer.completeExceptionally(new EngineException(Problems.bug(e, "opening a migration"), e));
            }
        });
        return answer;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws EngineException, IOException;
    }

    @FunctionalInterface
    private interface Condition {
        void check(Servers servers) throws EngineException, IOException;
    }

    @FunctionalInterface
    private interface Beginning {
        void write(Journal journal) throws IOException;
    }
}
