package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.pg.ArchivePlace;
import io.handover.pg.ArchiveSessions;
import io.handover.pg.Blockers;
import io.handover.pg.Slots;
import io.handover.pg.SnapshotKeeper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/// Shows how far `pg_dump` is: what the source says of its sessions, and how big the archive is. One
/// thread.
final class ArchiveWatch implements Runnable {

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final StepContext with;
    private final Side owner;
    private final SnapshotKeeper keeper;
    private final ArchivePlace place;
    private final Collection<ArchivedTable> tables;
    private final CopyProgressMaker progress;
    private long lookedAt = System.nanoTime() - EVERY.toNanos();
    private long walKept = -1;
    private String waitsFor = "";
    private String waitForUs = "";

    ArchiveWatch(
            StepContext with, Side owner, SnapshotKeeper keeper, ArchivePlace place, Collection<ArchivedTable> tables) {
        this.with = with;
        this.owner = owner;
        this.keeper = keeper;
        this.place = place;
        this.tables = tables;
        this.progress = new CopyProgressMaker(tables);
    }

    /// Looks, unless it has just looked.
    @Override
    public void run() {
        if (System.nanoTime() - lookedAt < EVERY.toNanos()) {
            return;
        }
        lookAtSource();
        String size;
        try {
            size = ", " + place.bytes() / 1_000_000 + " MB so far";
        } catch (IOException _) {
            size = ""; // its size is for people only; whether it can be written, pg_dump knows
        }
        var shown = progress.make(
                with.clock().instant(),
                System.nanoTime(),
                "Writing the archive" + size + (waitForUs.isEmpty() ? "" : "; waiting for us: " + waitForUs),
                keeper.age(),
                walKept);
        with.show(shown);
        with.progress(shown.fraction(), waitsFor);
        lookedAt = System.nanoTime();
    }

    private void lookAtSource() {
        try (Connection monitor = with.server(owner).monitor()) {
            List<ArchiveSessions.Reading> now =
                    ArchiveSessions.now(monitor, with.plan().id());
            for (ArchivedTable table : tables) {
                now.stream()
                        .filter(reading -> reading.of(table.table().table()))
                        .findFirst()
                        .ifPresentOrElse(reading -> table.reads(reading.bytes()), table::rests);
            }
            List<Integer> pids = now.stream().map(ArchiveSessions.Reading::pid).toList();
            walKept = Slots.walKept(monitor, with.plan().id().slot(owner));
            waitsFor = Blockers.of(monitor, pids);
            waitForUs = Blockers.waitingFor(monitor, pids);
        } catch (SQLException _) {
            walKept = -1; // unknown; if the source is lost, pg_dump will say so
            waitsFor = "";
            waitForUs = "";
        }
    }
}
