package io.handover.engine;

import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Profile;
import io.handover.model.ServerInfo;
import io.handover.model.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Where migrations are begun and found again. Any thread; futures fail with `EngineException`, whose problem
/// is
/// made for people.
public interface Desk extends AutoCloseable {

    /// Connects once and reports what is there.
    CompletableFuture<ServerInfo> test(Endpoint endpoint);

    /// Runs the preflight checks for `plan` and leaves nothing behind, not even a journal.
    CompletableFuture<PreflightReport> check(Plan plan, Credentials credentials);

    /// A new migration in `DRAFT`: a folder with a journal, nothing on the servers. Fails if the two
    /// endpoints are the
    /// same database, or a running migration between them is found (attach to it instead).
    CompletableFuture<Migration> begin(Plan plan, Credentials credentials);

    /// The migration whose journal lies on this computer, with what the servers say about it.
    CompletableFuture<Migration> resume(MigrationId id, Credentials credentials);

    /// The running migration between these two databases, whether its journal lies here or not; empty if
    /// there is none.
    CompletableFuture<Optional<Migration>> attach(Endpoint source, Endpoint target);

    /// The newest migration between these two databases if it was begun on this computer and neither server
    /// knows of it, because its checks or its schema failed; empty otherwise. A fix may have changed the
    /// source all the same, and only this migration puts that back.
    CompletableFuture<Optional<Migration>> unstarted(Endpoint source, Endpoint target);

    /// What the target remembers of the migration between these two databases, without taking it over: for
    /// a look while
    /// another workstation drives it. May trail by a second or two, and rests during a cutover; empty if
    /// there is none.
    CompletableFuture<Optional<MigrationState>> look(Endpoint source, Endpoint target);

    /// Migrations whose journals lie on this computer, newest first; unreadable ones are left out.
    List<Saved> saved();

    /// Closes every open migration, then the connections.
    @Override
    void close();

    /// A migration on disk.
    ///
    /// @param id        which
    /// @param source    from
    /// @param target    to
    /// @param stage     where its journal ends
    /// @param changedAt its last line
    record Saved(MigrationId id, Profile source, Profile target, Stage stage, Instant changedAt) {}
}
