package io.handover.ui.snapshot;

import io.handover.engine.Migration;
import io.handover.model.Problem;
import io.handover.model.TableInfo;
import io.handover.ui.UiContext;
import io.handover.ui.control.Problems;
import io.handover.ui.fx.FxFeed;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The tables of the source, read once for each migration, and when the user asks for it. JavaFX thread.
final class SourceTables {

    private final UiContext context;
    private final ReadOnlyObjectWrapper<List<TableInfo>> all = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Boolean> loading = new ReadOnlyObjectWrapper<>(false);
    private final ReadOnlyObjectWrapper<Optional<Problem>> unread = new ReadOnlyObjectWrapper<>(Optional.empty());
    private Optional<Migration> read = Optional.empty();

    SourceTables(UiContext context) {
        this.context = context;
    }

    /// Empty until they are read.
    ReadOnlyObjectProperty<List<TableInfo>> all() {
        return all.getReadOnlyProperty();
    }

    /// Whether they are being read.
    ReadOnlyObjectProperty<Boolean> loading() {
        return loading.getReadOnlyProperty();
    }

    /// Why they could not be read; empty if they could, or while they are being read.
    ReadOnlyObjectProperty<Optional<Problem>> unread() {
        return unread.getReadOnlyProperty();
    }

    /// Reads them if this migration's have not been read.
    void readOnce() {
        if (!context.migration().get().equals(read)) {
            read();
        }
    }

    /// Reads them.
    void read() {
        read = context.migration().get();
        all.set(List.of());
        unread.set(Optional.empty());
        loading.set(read.isPresent());
        var asked = read;
        asked.ifPresent(migration -> FxFeed.whenDone(
                migration.tables(),
                found -> took(asked, found, Optional.empty()),
                failure -> took(asked, List.of(), Optional.of(Problems.of(failure, context.texts())))));
    }

    private void took(Optional<Migration> asked, List<TableInfo> found, Optional<Problem> failure) {
        if (asked.equals(read)) {
            loading.set(false);
            unread.set(failure);
            all.set(found);
        }
    }
}
