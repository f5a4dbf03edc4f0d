package io.handover.cli;

import io.handover.engine.Desk;
import io.handover.engine.EngineException;
import io.handover.engine.Migration;
import io.handover.model.CutoverReport;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What all commands work with, and how a migration is opened, asked about and handed over. The command's thread.
///
/// @param desk        opens migrations
/// @param clock       for what is written down
/// @param output      takes results
/// @param err         takes progress and what is wrong
/// @param environment of the process: passwords and URIs
/// @param prompt      asks the person at the terminal, if there is one
record Commands(
        Desk desk,
        InstantSource clock,
        Output output,
        PrintStream err,
        Map<String, String> environment,
        Prompt prompt) {

    /// Opens the migration under way between the two databases, and lets go of it afterwards.
    ///
    /// @param tell whether its progress is told
    /// @return the status to exit with
    /// @throws Refusal if there is none, or `use` refuses
    int with(ServerOptions servers, boolean tell, Use use) throws Refusal, InterruptedException {
        return with(servers, tell, Driver::idle, use);
    }

    /// @param first what is done about a step that a broken-off run has left, and that goes on now
    int with(ServerOptions servers, boolean tell, First first, Use use) throws Refusal, InterruptedException {
        Endpoint source = endpoint(servers, Side.SOURCE);
        Endpoint target = endpoint(servers, Side.TARGET);
        Optional<Migration> found = await(desk.attach(source, target));
        if (found.isEmpty()) {
            found = await(desk.unstarted(source, target));
        }
        if (found.isEmpty()) {
            throw new Refusal(Exit.BLOCKED, "There is no migration under way between these two databases.");
        }
        try (Migration migration = found.get();
                var _ = new Progress(migration, tell ? err : new PrintStream(PrintStream.nullOutputStream()))) {
            var driver = new Driver(migration, clock);
            first.run(driver);
            return use.run(migration, driver).status();
        }
    }

    /// The address and password of one side.
    Endpoint endpoint(ServerOptions servers, Side side) {
        return servers.endpoint(side, environment, prompt);
    }

    /// Compares where that is needed, asks, and hands the data over.
    ///
    /// @param overrides reasons by the names of gates
    Exit handOver(Migration migration, Driver driver, Side to, boolean yes, Map<String, String> overrides, boolean json)
            throws Refusal, InterruptedException {
        driver.canHandOver(to);
        confirm(migration, to, yes, "hand the data over to the " + to.word());
        Optional<VerifyReport> proof = driver.proof(overrides.keySet());
        if (proof.isPresent() && !proof.get().passed()) {
            output.differences(proof.get(), err);
            if (json) {
                output.print(proof.get(), true);
            }
            return Exit.DIFFERENT;
        }
        driver.override(overrides);
        CutoverReport report = driver.handOver(to);
        output.print(report, json);
        return Exit.DONE;
    }

    /// Has a person type a database's name, unless `yes` was said.
    ///
    /// @param what what is about to be done
    /// @throws Refusal if it was not typed, or nobody can be asked
    void confirm(Migration migration, Side side, boolean yes, String what) throws Refusal {
        if (yes) {
            return;
        }
        String database = migration.state().get().plan().profile(side).database();
        Optional<String> typed =
                prompt.line("To " + what + ", type the " + side.word() + "'s database name (" + database + "): ");
        if (typed.isEmpty()) {
            throw new Refusal(Exit.BLOCKED, "Nobody can be asked here: say --yes to " + what + ".");
        }
        if (!typed.get().equals(database)) {
            throw new Refusal(Exit.BLOCKED, "Not confirmed; nothing was done.");
        }
    }

    /// What the desk or a migration answers.
    ///
    /// @throws Refusal if the engine refuses
    static <T> T await(CompletableFuture<T> answer) throws Refusal, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException engine) {
                throw Refusal.of(engine.problem());
            }
            throw new IllegalStateException("a question to the desk failed", e);
        }
    }

    /// Before a command goes on with an open migration.
    @FunctionalInterface
    interface First {
        void run(Driver driver) throws Refusal, InterruptedException;
    }

    /// What a command does with an open migration.
    @FunctionalInterface
    interface Use {
        Exit run(Migration migration, Driver driver) throws Refusal, InterruptedException;
    }
}
