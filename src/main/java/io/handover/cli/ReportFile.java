package io.handover.cli;

import io.handover.model.MigrationState;
import io.handover.model.Runbook;
import io.handover.model.StatementLog;
import io.handover.report.MigrationReport;
import io.handover.report.Reminder;
import io.handover.report.ReportJson;
import io.handover.report.RunbookText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/// The record of a migration as a file: JSON if its name ends so, else one HTML file.
final class ReportFile {

    private ReportFile() {}

    /// Writes it; `file` is replaced.
    ///
    /// @param statements what was changed on the servers, as far as it is known here; passwords masked
    static void write(Path file, MigrationState state, StatementLog statements, Instant at) throws Refusal {
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
        try {
            Files.writeString(
                    file, json ? ReportJson.json(state, statements, at) : MigrationReport.html(state, statements, at));
        } catch (IOException e) {
            throw new Refusal(Exit.FAILED, "The report cannot be written to " + file + ": " + e);
        }
    }

    /// Writes a runbook; `file` is replaced.
    static void write(Path file, Runbook runbook) throws Refusal {
        try {
            Files.writeString(file, RunbookText.of(runbook, file.toString()));
        } catch (IOException e) {
            throw new Refusal(Exit.FAILED, "The runbook cannot be written to " + file + ": " + e);
        }
    }

    /// Writes the reminder of switching off the old server; `file` is replaced.
    static void reminder(Path file, MigrationState state, Instant at) throws Refusal {
        try {
            Files.writeString(file, Reminder.ics(state, at, ZoneId.systemDefault()));
        } catch (IOException e) {
            throw new Refusal(Exit.FAILED, "It is retired, but the reminder cannot be written to " + file + ": " + e);
        }
    }
}
