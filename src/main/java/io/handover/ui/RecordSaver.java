package io.handover.ui;

import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.ui.fx.FxFeed;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Asks for a file and writes the record of the window's migration into it. JavaFX thread.
public final class RecordSaver {

    private final UiContext context;
    private final Optional<Export> export;

    /// @param export writes it; empty where a record cannot be written, and then nobody is to be asked
    public RecordSaver(UiContext context, Optional<Export> export) {
        this.context = context;
        this.export = export;
    }

    /// Whether there is somebody to write it.
    public boolean isPossible() {
        return export.isPresent();
    }

    /// Nothing happens without a migration, or if no file is chosen; what goes wrong is told in the window.
    public void save(Export.Kind kind) {
        Optional<MigrationState> state = context.state().get();
        if (state.isEmpty() || export.isEmpty()) {
            return;
        }
        var texts = context.texts();
        String ending = kind.name().toLowerCase(Locale.ROOT);
        String name = "handover-" + state.get().plan().id() + "." + ending;
        Optional<Path> file =
                context.files().save(texts.get("verify.export"), texts.of("verify.export", kind), "*." + ending, name);
        file.ifPresent(path -> FxFeed.whenDone(
                export.get().write(state.get(), kind, path), _ -> {}, failure -> context.tell(failed(path, failure))));
    }

    private Problem failed(Path file, Throwable failure) {
        var texts = context.texts();
        return new Problem(
                "export",
                texts.get("verify.export.failed", file),
                texts.get("refused.meaning"),
                "",
                String.valueOf(failure.getMessage()));
    }
}
