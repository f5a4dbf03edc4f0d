package io.handover.benchmark;

import io.handover.journal.Entry;
import io.handover.journal.JournalDamaged;
import io.handover.journal.JournalJson;
import io.handover.journal.Line;
import io.handover.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// Reads from Handover's journal how long it was at each stage.
final class StageTimes {

    private StageTimes() {}

    /// Seconds from a stage to the next; the last has none.
    ///
    /// @param folder of the journal, somewhere below it
    static Map<Stage, Double> of(Path folder) throws IOException {
        var times = new EnumMap<Stage, Double>(Stage.class);
        var stage = Stage.DRAFT;
        var since = Instant.MIN;
        try (var files = Files.walk(folder)) {
            Path journal = files.filter(file -> file.endsWith("journal.jsonl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no journal"));
            for (String text : Files.readAllLines(journal)) {
                Line line = JournalJson.line(text);
                if (since.equals(Instant.MIN)) {
                    since = line.at();
                }
                if (line.entry() instanceof Entry.StageEntered(Stage next)) {
                    times.merge(stage, Duration.between(since, line.at()).toMillis() / 1000.0, Double::sum);
                    stage = next;
                    since = line.at();
                }
            }
        } catch (JournalDamaged e) {
            throw new IOException(e);
        }
        return times;
    }
}
