package io.handover;

import io.handover.engine.Migration;
import io.handover.model.MigrationState;
import io.handover.model.StatementLog;
import io.handover.report.MigrationReport;
import io.handover.report.ReportJson;
import io.handover.ui.Export;
import io.handover.ui.UiContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Writes the record of the window's migration, every statement included, to a file.
record RecordFile(UiContext context) implements Export {

    private static final String NONE = "The migration is not open in this window: no statement of it is known here.";

    @Override
    public CompletableFuture<Path> write(MigrationState state, Kind kind, Path file) {
        CompletableFuture<StatementLog> known = context.migration()
                .get()
                .map(Migration::statements)
                .orElse(CompletableFuture.completedFuture(new StatementLog(List.of(), List.of(NONE))));
        var at = context.clock().instant();
        return known.thenCompose(statements -> context.work(() -> Files.writeString(
                file,
                switch (kind) {
                    case HTML -> MigrationReport.html(state, statements, at);
                    case JSON -> ReportJson.json(state, statements, at);
                })));
    }
}
