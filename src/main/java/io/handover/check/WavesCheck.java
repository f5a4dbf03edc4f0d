package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import java.util.ArrayList;
import java.util.List;

/// In which waves the tables will move, if it is more than one.
final class WavesCheck implements Check {

    private static final int SHOWN = 10;
    private static final long MB = 1_000_000;

    @Override
    public String name() {
        return "waves";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        Waves waves = with.plan().waves();
        List<TableRef> unknown = waves.unknown(with.tables());
        if (!unknown.isEmpty()) {
            return List.of(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "A wave names what is no table of the migration",
                    Findings.names(unknown),
                    "Write each as schema.table, a partition under its own name, or leave it out."));
        }
        List<Waves.Wave> planned = waves.of(with.tables());
        if (planned.size() < 2) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        for (int i = 0; i < Math.min(SHOWN, planned.size()); i++) {
            Waves.Wave wave = planned.get(i);
            lines.add((i + 1) + ": " + wave.tables().size() + " tables, " + wave.bytes() / MB + " MB, beginning with "
                    + wave.tables().getFirst().table().display());
        }
        return List.of(Findings.note(
                name(),
                Side.SOURCE,
                "The tables move in " + planned.size() + " waves",
                String.join("; ", lines) + (planned.size() > SHOWN ? " …" : "")
                        + ". The first comes out of the slot's snapshot. Each further one is copied by the servers once"
                        + " the one before follows the source; for that keys are built before, other indexes after the"
                        + " last."));
    }
}
