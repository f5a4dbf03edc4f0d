package io.handover.engine.cutover;

import io.handover.engine.step.TestContext;
import io.handover.flow.NamedThreads;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Hooks;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Reach;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.ConnectionString;
import io.handover.pg.FrozenRoles;
import io.handover.pg.HandoverSchema;
import io.handover.pg.Mark;
import io.handover.pg.Publications;
import io.handover.pg.ReadOnlyDefault;
import io.handover.pg.SlotMaker;
import io.handover.pg.Subscriptions;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A migration that streams between two real servers, with tables to write to.
final class CutoverWorld implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);

    final PgServer oldServer;
    final PgServer newServer;
    final TestContext context;
    final NamedThreads threads = new NamedThreads(_ -> {});

    CutoverWorld(String from, String to) throws Exception {
        this(PgServer.major(from), PgServer.major(to));
    }

    CutoverWorld(PgServer from, PgServer to) throws Exception {
        oldServer = from;
        newServer = to;
        context = TestContext.between(oldServer, newServer);
        try (var source = context.server(Side.SOURCE).open("test");
                var target = context.server(Side.TARGET).open("test")) {
            for (var side : List.of(source, target)) {
                HandoverSchema.create(side, plan().id());
                side.change("create table public.ledger (writer int, number bigint, note text,"
                        + " primary key (writer, number))");
                side.change("create table public.\"Odd Name\" (id bigint generated always as identity primary key,"
                        + " balance int not null default 0)");
            }
            source.change("insert into public.\"Odd Name\" (balance) select 0 from generate_series(1, 100)");
            target.change("insert into public.\"Odd Name\" (balance) select 0 from generate_series(1, 100)");
            String name = plan().id().publication(Side.SOURCE);
            Publications.make(
                    source,
                    name,
                    List.of(new TableRef("public", "ledger"), new TableRef("public", "Odd Name")),
                    target.major());
            new SlotMaker(context.server(Side.SOURCE), threads).plain(source, name, LONG);
            var owner = ConnectionString.of(
                    context.server(Side.SOURCE).endpoint(), Reach.same(), name, newServer.majorNumber());
            Subscriptions.create(target, name, owner, name, name, true, LONG);
        }
    }

    Plan plan() {
        return context.plan();
    }

    /// The same migration with another way through the cutover, as after a restart of the app.
    TestContext with(FreezeMethod method, Duration deadline, Hooks hooks) {
        return with(method, deadline, hooks, List.of(plan().source().user())); // the application's, as `open` has it
    }

    TestContext with(FreezeMethod method, Duration deadline, Hooks hooks, List<String> roles) {
        Plan plan = plan().with(method, deadline, Duration.ofDays(2), hooks);
        return context.again(method == FreezeMethod.NAMED_ROLES ? plan.withFreezeRoles(roles) : plan);
    }

    /// What `role` has set for the database, as the catalogue has it; empty if nothing.
    Optional<String> roleSetting(Side side, String role) throws SQLException {
        try (var connection = open(side);
                var query = connection.prepareStatement("select s.setconfig::text from pg_db_role_setting s"
                        + " join pg_database d on d.oid = s.setdatabase and d.datname = current_database()"
                        + " join pg_roles r on r.oid = s.setrole and r.rolname = ?")) {
            query.setString(1, role);
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    CutoverStep step(Side from) {
        return new CutoverStep(from, parts(Points.NOBODY));
    }

    CutoverParts parts(Points points) {
        return parts(points, List.of(), PasswordLookup.NONE);
    }

    CutoverParts parts(Points points, List<PauseWork> work) {
        return parts(points, work, PasswordLookup.NONE);
    }

    CutoverParts parts(Points points, PasswordLookup consoles) {
        return parts(points, List.of(), consoles);
    }

    private CutoverParts parts(Points points, List<PauseWork> work, PasswordLookup consoles) {
        return new CutoverParts(
                _ -> new GatesView(Instant.EPOCH, List.of(new GateReading("all", true, "", "", "")), Duration.ZERO),
                work,
                FinalCheck.NOTHING_OPEN,
                new HookRunner(threads),
                points,
                consoles);
    }

    Connection open(Side side) throws SQLException {
        var connection = side == Side.SOURCE
                ? oldServer.open(plan().source().database())
                : newServer.open(plan().target().database());
        connection.setClientInfo("ApplicationName", "shop");
        return connection;
    }

    Mark mark(Side side) throws SQLException {
        try (var connection = open(side)) {
            return Mark.read(connection).orElseThrow();
        }
    }

    /// Who owns the data, as the source has it: it does until it has handed over.
    Side owner() throws SQLException {
        try (var connection = open(Side.SOURCE)) {
            return Mark.read(connection).map(Mark::owner).orElse(Side.SOURCE);
        }
    }

    Side ownerOrThrow() {
        try {
            return owner();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes one row as an application does.
    void write(Side side, int writer, long number) {
        try (var connection = open(side);
                var insert = connection.prepareStatement("insert into ledger values (?, ?, 'one')")) {
            insert.setInt(1, writer);
            insert.setLong(2, number);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Optional<String> readOnlyDefault(Side side) throws SQLException {
        try (var connection = open(side)) {
            return ReadOnlyDefault.ofDatabase(connection);
        }
    }

    /// The first column of the only row.
    String ask(Side side, String query) throws SQLException {
        try (var connection = open(side);
                var sql = connection.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /// Both sides have the same rows, sooner or later.
    void same() throws InterruptedException {
        String all = "select (select count(*) || ' ' || coalesce(sum(hashtextextended(l::text, 0)), 0) from ledger l)"
                + " || ' ' || (select count(*) || ' ' || coalesce(sum(hashtextextended(o::text, 0)), 0) from \"Odd Name\" o)";
        Eventually.await(
                LONG, "both sides are equal", () -> ask(Side.SOURCE, all).equals(ask(Side.TARGET, all)));
    }

    @Override
    public void close() throws SQLException {
        for (Side side : Side.values()) { // a database that is read-only for new sessions could not be cleared away
            try (var session = context.server(side).open("test")) {
                ReadOnlyDefault.putBack(session, Optional.empty());
                FrozenRoles.putBack(session);
            }
        }
        context.close();
    }
}
