package io.handover.engine;

import io.handover.engine.step.Problems;
import io.handover.flow.NamedThreads;
import io.handover.model.Forecast;
import io.handover.model.FreezeRole;
import io.handover.model.LastRows;
import io.handover.model.Lsn;
import io.handover.model.Plan;
import io.handover.model.Runbook;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import io.handover.pg.Catalog;
import io.handover.pg.CutoverFacts;
import io.handover.pg.DbSession;
import io.handover.pg.FreezeRoles;
import io.handover.pg.LastRowsReader;
import io.handover.pg.RowRepair;
import io.handover.pg.SnapshotSession;
import io.handover.pg.StreamEnd;
import io.handover.pg.TableDigest;
import io.handover.pg.TablePair;
import io.handover.pg.TableShape;
import io.handover.pg.TableShapes;
import io.handover.pg.UnsentReader;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/// What pages ask for on demand, on a thread of its own.
final class Reads implements AutoCloseable {

    /// Enough to see what is the matter; more is told as more.
    private static final int MOST_UNSENT = 200_000;

    private final Servers servers;
    private final ExecutorService thread;

    Reads(Servers servers, NamedThreads threads) {
        this.servers = servers;
        this.thread = threads.single("reads");
    }

    CompletableFuture<List<TableInfo>> tables() {
        return ask("reading the tables", () -> {
            try (var source = servers.source().monitor()) {
                return Catalog.tables(source);
            }
        });
    }

    CompletableFuture<LastRows> lastRows(TableRef table, int limit) {
        return ask("reading the last rows", () -> {
            try (var source = servers.source().monitor();
                    var target = servers.target().monitor()) {
                return LastRowsReader.read(source, target, table, limit);
            }
        });
    }

    CompletableFuture<List<String>> repairSql(Side owner, TableRef table, List<String> keys) {
        return ask("looking at rows to repair", () -> {
            try (DbSession one = servers.of(owner).open("repair preview");
                    DbSession other = servers.of(owner.other()).open("repair preview")) {
                var dialect = TableDigest.Dialect.of(one.jdbc(), other.jdbc());
                var here = SnapshotSession.prepare(one, dialect);
                var there = SnapshotSession.prepare(other, dialect);
                TableShape ours = TableShapes.read(here.jdbc()).get(table);
                TableShape theirs = TableShapes.read(there.jdbc()).get(table);
                return ours == null || theirs == null
                        ? List.of()
                        : new RowRepair(TablePair.of(ours, theirs), dialect)
                                .statements(here.jdbc(), there.jdbc(), keys);
            } catch (TablePair.Mismatch e) {
                return List.of();
            }
        });
    }

    CompletableFuture<List<FreezeRole>> freezeRoles(Side owner) {
        return ask("reading the roles", () -> {
            try (var from = servers.of(owner).monitor()) {
                return FreezeRoles.candidates(from);
            }
        });
    }

    CompletableFuture<Runbook> runbook(Plan plan, Side owner, Instant now) {
        return ask("reading what the hand-over is about", () -> {
            try (var from = servers.of(owner).monitor();
                    var to = servers.of(owner.other()).monitor()) {
                return Runbooks.of(plan, owner, CutoverFacts.read(from, to, plan, owner), now);
            }
        });
    }

    CompletableFuture<Forecast> forecast(Plan plan) {
        return ask("trying how quick a copy is", () -> new Forecasts(servers, plan).make());
    }

    CompletableFuture<UnsentChanges> unsent(Plan plan, Side owner, Instant now) {
        return ask("reading what was not sent", () -> {
            Optional<Lsn> applied = applied(plan, owner.other());
            try (var session = servers.of(owner).open("unsent")) {
                String slot = plan.id().slot(owner);
                return UnsentReader.read(session, owner, slot, plan.id().publication(owner), applied, MOST_UNSENT, now);
            }
        });
    }

    /// Empty if the follower does not answer: that may be why there is something to ask.
    private Optional<Lsn> applied(Plan plan, Side follower) {
        try (var there = servers.of(follower).monitor()) {
            return StreamEnd.lastApplied(there, plan.id().subscription(follower.other()));
        } catch (SQLException _) {
            return Optional.empty();
        }
    }

    private <T> CompletableFuture<T> ask(String what, Query<T> query) {
        var answer = new CompletableFuture<T>();
        thread.execute(() -> {
            try {
                answer.complete(query.run());
            } catch (EngineException e) {
                answer.completeExceptionally(e);
            } catch (SQLException e) {
                answer.completeExceptionally(new EngineException(Problems.of(e, Side.SOURCE, what), e));
            } catch (RuntimeException e) {
                answer.completeExceptionally(new EngineException(Problems.bug(e, what), e));
            }
        });
        return answer;
    }

    @Override
    public void close() {
        NamedThreads.close(thread, Duration.ofSeconds(2));
    }

    @FunctionalInterface
    private interface Query<T> {
        T run() throws SQLException, EngineException;
    }
}
