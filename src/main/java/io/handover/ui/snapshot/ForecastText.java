package io.handover.ui.snapshot;

import io.handover.model.ArchiveForecast;
import io.handover.model.CopyMethod;
import io.handover.model.Forecast;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.ArrayList;
import java.util.List;

/// A forecast in words: a paragraph, a line for each wave, and one for the archive.
final class ForecastText {

    /// More are summed up.
    private static final int SHOWN = 6;

    private final Texts texts;
    private final Forecast found;

    ForecastText(Texts texts, Forecast found) {
        this.texts = texts;
        this.found = found;
    }

    String words() {
        if (!found.known()) {
            return texts.get("snapshot.forecast.unknown");
        }
        var lines = new ArrayList<String>();
        lines.add(time() + " " + wal());
        if (found.waves().size() > 1) {
            waves(lines);
        }
        found.archive().map(this::archive).ifPresent(lines::add);
        return String.join("\n", lines);
    }

    private String time() {
        String time = texts.get(
                "snapshot.forecast.time",
                Format.duration(found.shortest()),
                Format.duration(found.longest()),
                Format.bytes(found.bytes()),
                Format.rate(found.perSecond()));
        boolean elsewhere = found.waves().stream().anyMatch(wave -> wave.way() == CopyMethod.SERVER_TO_SERVER);
        return elsewhere ? time + " " + texts.get("snapshot.forecast.elsewhere") : time;
    }

    private String wal() {
        String wal = texts.get("snapshot.forecast.wal", Format.rate(found.walRate()), Format.bytes(found.mostWal()));
        return found.walIsScarce()
                ? wal + " " + texts.get("snapshot.forecast.scarce", Format.bytes(found.walLimit()))
                : wal;
    }

    private void waves(List<String> lines) {
        List<Forecast.Wave> waves = found.waves();
        for (int i = 0; i < Math.min(SHOWN, waves.size()); i++) {
            Forecast.Wave wave = waves.get(i);
            lines.add(texts.get(
                    "snapshot.forecast.wave",
                    i + 1,
                    Format.bytes(wave.bytes()),
                    Format.duration(found.shortest(wave)),
                    Format.duration(found.longest(wave))));
        }
        if (waves.size() > SHOWN) {
            lines.add(texts.get("snapshot.waves.more", waves.size() - SHOWN));
        }
    }

    private String archive(ArchiveForecast archive) {
        String room = texts.get(
                "snapshot.forecast.archive",
                Format.bytes(archive.bytes()),
                archive.place(),
                Format.bytes(archive.free()));
        return archive.isTooBig() ? room + " " + texts.get("snapshot.forecast.tooBig") : room;
    }
}
