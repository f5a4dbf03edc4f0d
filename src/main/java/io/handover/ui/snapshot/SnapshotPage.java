package io.handover.ui.snapshot;

import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// What moves; then the baseline under way; then what it came to.
public final class SnapshotPage implements Page {

    private final UiContext context;
    private final SnapshotViewModel model;
    private final ChoosePart choose;
    private final ProgressPart progress;
    private final FailurePart failure;
    private final VBox node = new VBox();
    private boolean shown;

    /// Bound to the migration of `context`.
    public SnapshotPage(UiContext context) {
        this.context = context;
        model = new SnapshotViewModel(context);
        choose = new ChoosePart(context.texts(), model);
        progress = new ProgressPart(context, model);
        failure = new FailurePart(context.texts(), model);
        node.setId("snapshot");
        node.getStyleClass().add("page-column");
        VBox.setVgrow(choose, Priority.ALWAYS);
        VBox.setVgrow(progress, Priority.ALWAYS);
        node.getChildren()
                .addAll(
                        new Banner(context.texts(), model.message()),
                        failure,
                        new Banner(context.texts(), model.waiting()),
                        choose,
                        progress);
        model.mode().subscribe(this::arrange);
        context.migration().subscribe(this::arrange);
    }

    private void arrange() {
        var mode = model.mode().get();
        boolean choosing = mode == SnapshotMode.CHOOSE || mode == SnapshotMode.NONE;
        show(choose, choosing);
        show(progress, !choosing);
        show(failure, mode == SnapshotMode.FAILED);
        progress.look(shown && !choosing);
        if (shown && mode == SnapshotMode.CHOOSE) {
            model.tables().readOnce();
        }
    }

    private static void show(Node part, boolean visible) {
        part.setVisible(visible);
        part.setManaged(visible);
    }

    @Override
    public void enter() {
        shown = true;
        arrange();
    }

    @Override
    public void leave() {
        model.keepChanges();
        shown = false;
        arrange();
    }

    @Override
    public PageId id() {
        return PageId.SNAPSHOT;
    }

    @Override
    public String title() {
        return context.texts().get("snapshot.title");
    }

    @Override
    public ObservableValue<String> subtitle() {
        return model.sentence();
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return model.primary();
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return model.canGoNext();
    }
}
