package io.handover.engine;

import io.handover.engine.step.Problems;
import io.handover.journal.JournalJson;
import io.handover.journal.Line;
import io.handover.model.MigrationId;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.HandoverSchema;
import io.handover.pg.MigrationCopy;
import io.handover.pg.SchemaClaim;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What two servers remember of a migration between them, so that it can be gone on with from any computer. Looks only.
final class Remembered {

    private Remembered() {}

    /// The migration that the target remembers; empty if there is none.
    ///
    /// @throws EngineException if a server cannot be reached, or this source has no part in that migration
    /// @throws IOException     if its plan cannot be read, as when a later version wrote it
    static Optional<HandoverSchema.Stored> by(Servers servers) throws EngineException, IOException {
        Optional<MigrationId> onSource = look(servers, Side.SOURCE, SchemaClaim::holder);
        Optional<HandoverSchema.Stored> found = look(servers, Side.TARGET, HandoverSchema::stored);
        if (found.isPresent()) {
            refuseOther(onSource, found.get(), servers);
        }
        return found;
    }

    private static <T> T look(Servers servers, Side side, Look<T> question) throws EngineException {
        try (var session = servers.of(side).open("look")) {
            return question.at(session.jdbc());
        } catch (SQLException e) {
            throw new EngineException(
                    Problems.connecting(e, servers.of(side).endpoint().profile()), e);
        }
    }

    @FunctionalInterface
    private interface Look<T> {
        T at(Connection connection) throws SQLException;
    }

    /// None may be under way where one is to be begun.
    static void refuse(Servers servers) throws EngineException, IOException {
        Optional<HandoverSchema.Stored> there = by(servers);
        if (there.isPresent()) {
            throw new EngineException(new Problem(
                    "running",
                    "A migration (" + there.get().id() + ") is under way between these databases.",
                    "Nothing was begun.",
                    "Continue it, or discard it first.",
                    ""));
        }
    }

    /// The journal of `id` as the target has it, up to the first gap; empty if it has none.
    static List<Line> lines(Servers servers, MigrationId id) throws EngineException, IOException {
        var lines = new ArrayList<Line>();
        try (var connection = servers.target().monitor()) {
            if (!MigrationCopy.hasPlace(connection)) {
                return List.of();
            }
            for (String json : MigrationCopy.lines(connection, id)) {
                Line line = JournalJson.line(json);
                if (line.number() != lines.size() + 1) {
                    break; // what follows a gap cannot be understood
                }
                lines.add(line);
            }
            return lines;
        } catch (SQLException e) {
            throw new EngineException(Problems.of(e, Side.TARGET, "reading the migration's journal there"), e);
        }
    }

    /// Somebody who mistypes the source must not drive the migration of another one. Where nothing of it is on the
    /// source, as when a removal broke off, the address it has had must be the one that was typed.
    private static void refuseOther(Optional<MigrationId> onSource, HandoverSchema.Stored found, Servers servers)
            throws EngineException, IOException {
        var typed = servers.source().endpoint().profile();
        var real = JournalJson.plan(found.plan()).source();
        if (onSource.isPresent() ? onSource.get().equals(found.id()) : real.sameDatabase(typed)) {
            return;
        }
        throw new EngineException(new Problem(
                "other-source",
                "The target takes part in a migration (" + found.id() + ") from another source: " + real.database()
                        + " on " + real.address() + ".",
                "Nothing was begun, and nothing was changed.",
                "Choose that source to go on with it, or another target.",
                onSource.map(id -> typed.database() + " on " + typed.address() + " takes part in migration " + id)
                        .orElse("Nothing of that migration is in " + typed.database() + " on " + typed.address())));
    }
}
