package io.handover.engine;

import io.handover.engine.step.ArchiveProblems;
import io.handover.model.Archive;
import io.handover.model.ArchiveForecast;
import io.handover.model.CopyMethod;
import io.handover.model.Forecast;
import io.handover.model.Plan;
import io.handover.model.TableInfo;
import io.handover.pg.ArchivePlace;
import io.handover.pg.Catalog;
import io.handover.pg.CopyTrial;
import io.handover.pg.DbSession;
import io.handover.pg.RowSample;
import io.handover.pg.ServerFacts;
import io.handover.pg.TableSync;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Tries how quick a copy is with some rows of the biggest table, and reckons from there. Nothing stays on
/// either server.
final class Forecasts {

    /// A trial takes about a fiftieth of the copy, reckoned as 100 MB/s, within these: nobody waits three
    /// seconds to hear that it takes ten.
    private static final Duration SHORTEST_TRIAL = Duration.ofMillis(300);

    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(3);
    private static final long BYTES_FOR_A_MILLISECOND = 50 * 100_000;
    private static final long TRIAL_ROWS = 5_000_000;

    private final Servers servers;
    private final Plan plan;

    /// @param plan whose copy is meant; it need not be the one that is begun with
    Forecasts(Servers servers, Plan plan) {
        this.servers = servers;
        this.plan = plan;
    }

    /// @throws EngineException if there is no place for the archive
    Forecast make() throws SQLException, EngineException {
        try (DbSession source = servers.source().open("forecast");
                DbSession rows = servers.source().open("forecast");
                DbSession target = servers.target().open("forecast")) {
            List<TableInfo> moving = Catalog.tables(source.jdbc()).stream()
                    .filter(plan.scope()::includes)
                    .toList();
            int bySync = TableSync.workers(target.jdbc());
            List<Forecast.Wave> waves = waves(moving, bySync);
            long largeObjects = plan.archive().kept() ? Catalog.largeObjectBytes(source.jdbc()) : 0;
            long log = CopyTrial.logEnd(source);
            long began = System.nanoTime();
            Optional<TableInfo> biggest = moving.stream().max(Comparator.comparingLong(TableInfo::bytes));
            var found = new CopyTrial.Found(0, 0, 0);
            var sample = new RowSample();
            if (biggest.isPresent()) {
                found = CopyTrial.run(rows, target, biggest.get().table(), TRIAL_ROWS, trial(moving), sample);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            double walRate = (CopyTrial.logEnd(source) - log) / seconds;
            long limit = ServerFacts.read(source.jdbc()).slotWalLimit();
            double speed = biggest.isEmpty()
                    ? 0
                    : found.perSecond(biggest.get().bytes(), biggest.get().rows());
            Optional<ArchiveForecast> archive = waves.isEmpty() || plan.copyMethod() != CopyMethod.ARCHIVE
                    ? Optional.empty()
                    : Optional.of(archive(waves.getFirst(), found, sample, biggest, largeObjects));
            return new Forecast(waves, speed, walRate, limit, archive);
        }
    }

    private static Duration trial(List<TableInfo> moving) {
        long bytes = moving.stream().mapToLong(TableInfo::bytes).sum();
        return Duration.ofMillis(
                Math.clamp(bytes / BYTES_FOR_A_MILLISECOND, SHORTEST_TRIAL.toMillis(), LONGEST_TRIAL.toMillis()));
    }

    /// Of several waves the target fetches all but the first.
    private List<Forecast.Wave> waves(List<TableInfo> moving, int bySync) {
        var planned = plan.waves().of(moving);
        if (planned.size() < 2) {
            return moving.isEmpty() ? List.of() : List.of(wave(moving, plan.copyMethod(), bySync));
        }
        var waves = new ArrayList<Forecast.Wave>();
        for (var one : planned) {
            CopyMethod way = waves.isEmpty() ? plan.copyMethod() : CopyMethod.SERVER_TO_SERVER;
            waves.add(wave(one.tables(), way, bySync));
        }
        return waves;
    }

    private Forecast.Wave wave(List<TableInfo> tables, CopyMethod way, int bySync) {
        return new Forecast.Wave(
                tables.stream().mapToLong(TableInfo::bytes).sum(),
                tables.stream().mapToLong(TableInfo::bytes).max().orElse(0),
                way,
                way == CopyMethod.SERVER_TO_SERVER ? bySync : plan.workers());
    }

    private ArchiveForecast archive(
            Forecast.Wave first,
            CopyTrial.Found found,
            RowSample sample,
            Optional<TableInfo> biggest,
            long largeObjects)
            throws EngineException {
        Archive archive = plan.archive();
        double text = biggest.map(table -> found.textPerByte(table.bytes(), table.rows()))
                .orElse(1.0);
        RowSample.Compressed compressed = sample.compress(archive);
        try {
            return new ArchiveForecast(
                    Math.round((first.bytes() * text + largeObjects) * compressed.ratio()),
                    compressed.perSecond() / text,
                    archive.format() == Archive.Format.CUSTOM ? 1 : plan.workers(),
                    ArchivePlace.folder(archive).toString(),
                    ArchivePlace.free(archive));
        } catch (IOException e) {
            throw new EngineException(ArchiveProblems.noPlace(String.valueOf(e.getMessage())), e);
        }
    }
}
