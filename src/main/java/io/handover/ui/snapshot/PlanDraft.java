package io.handover.ui.snapshot;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Plan;
import io.handover.model.Scope;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// The plan's part that the page changes, as it is being changed. JavaFX thread.
final class PlanDraft {

    private final ObjectProperty<Scope> scope = new SimpleObjectProperty<>(Scope.everything());
    private final ObjectProperty<Integer> workers = new SimpleObjectProperty<>(2);
    private final ObjectProperty<CopyMethod> method = new SimpleObjectProperty<>(CopyMethod.THROUGH_HERE);
    private final ObjectProperty<String> folder = new SimpleObjectProperty<>("");
    private final ObjectProperty<Archive.Format> format = new SimpleObjectProperty<>(Archive.Format.DIRECTORY);
    private final ObjectProperty<String> compression = new SimpleObjectProperty<>("");
    private final ObjectProperty<Boolean> wavesBySize = new SimpleObjectProperty<>(false);
    private final ObjectProperty<Integer> waveNumber = new SimpleObjectProperty<>(1);
    private final ObjectProperty<Integer> waveGigabytes = new SimpleObjectProperty<>(100);
    private final ObjectProperty<List<List<TableRef>>> namedWaves = new SimpleObjectProperty<>(List.of());
    private final BooleanProperty keepOwners = new SimpleBooleanProperty();
    private final BooleanProperty keepGrants = new SimpleBooleanProperty();

    /// Calls `changed` whenever anything of it has changed.
    void subscribe(Runnable changed) {
        for (ObservableValue<?> part : List.of(
                scope,
                workers,
                method,
                folder,
                format,
                compression,
                wavesBySize,
                waveNumber,
                waveGigabytes,
                namedWaves,
                keepOwners,
                keepGrants)) {
            part.subscribe(changed);
        }
    }

    ReadOnlyObjectProperty<Scope> scope() {
        return scope;
    }

    /// Takes the tables of `node` in or out.
    ///
    /// @param all the source's tables
    void set(ScopeNode node, boolean in, List<TableInfo> all) {
        scope.set(ScopeEdit.set(scope.get(), node, in, all));
    }

    ObjectProperty<Integer> workers() {
        return workers;
    }

    ObjectProperty<CopyMethod> method() {
        return method;
    }

    /// Where the archive is kept; empty for a temporary one.
    ObjectProperty<String> folder() {
        return folder;
    }

    ObjectProperty<Archive.Format> format() {
        return format;
    }

    /// As `pg_dump` has it; may be what no `pg_dump` knows, see `archive`.
    ObjectProperty<String> compression() {
        return compression;
    }

    /// Whether waves are made by their size, not by their number.
    ObjectProperty<Boolean> wavesBySize() {
        return wavesBySize;
    }

    ObjectProperty<Integer> waveNumber() {
        return waveNumber;
    }

    ObjectProperty<Integer> waveGigabytes() {
        return waveGigabytes;
    }

    /// Those chosen by hand, which come before all others.
    ObjectProperty<List<List<TableRef>>> namedWaves() {
        return namedWaves;
    }

    BooleanProperty keepOwners() {
        return keepOwners;
    }

    BooleanProperty keepGrants() {
        return keepGrants;
    }

    /// Makes `some` a wave of their own, after those made so before.
    void makeWave(List<TableInfo> some) {
        if (!some.isEmpty()) {
            var names = some.stream().map(TableInfo::table).toList();
            namedWaves.set(Stream.concat(
                            namedWaves.get().stream()
                                    .map(wave -> wave.stream()
                                            .filter(table -> !names.contains(table))
                                            .toList())
                                    .filter(wave -> !wave.isEmpty()),
                            Stream.of(names))
                    .toList());
        }
    }

    /// In which waves those of `all` that move will move.
    List<Waves.Wave> divide(List<TableInfo> all) {
        Scope moves = scope.get();
        return waves().of(all.stream().filter(moves::includes).toList());
    }

    /// Empty while its compression is what no `pg_dump` knows.
    Optional<Archive> archive() {
        try {
            return Optional.of(new Archive(folder.get(), format.get(), compression.get()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// `plan` with what is chosen here.
    Plan over(Plan plan) {
        return plan.with(scope.get())
                .withWorkers(workers.get())
                .with(method.get())
                .with(archive().orElse(plan.archive()))
                .with(waves())
                .withOwnership(keepOwners.get(), keepGrants.get());
    }

    /// Begins anew with what `plan` says.
    void take(Plan plan) {
        scope.set(plan.scope());
        workers.set(plan.workers());
        method.set(plan.copyMethod());
        wavesBySize.set(plan.waves().gigabytes() > 0);
        waveNumber.set(Math.max(1, plan.waves().number()));
        if (plan.waves().gigabytes() > 0) {
            waveGigabytes.set(plan.waves().gigabytes());
        }
        namedWaves.set(plan.waves().named());
        folder.set(plan.archive().folder());
        format.set(plan.archive().format());
        compression.set(plan.archive().compression());
        keepOwners.set(plan.keepOwners());
        keepGrants.set(plan.keepGrants());
    }

    private Waves waves() {
        return wavesBySize.get()
                ? new Waves(namedWaves.get(), 0, waveGigabytes.get())
                : new Waves(namedWaves.get(), waveNumber.get(), 0);
    }
}
