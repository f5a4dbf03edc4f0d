package io.handover.ui.replicate;

import io.handover.model.Session;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.TableView;

/// Who is writing on the owner.
final class WritersTable {

    private final ObservableList<Session> sessions = FXCollections.observableArrayList();
    private final TableView<Session> table;

    WritersTable(Texts texts) {
        table = Columns.table("writers", texts.get("replicate.writers.empty"));
        var query = Columns.text(texts.get("replicate.writers.query"), 220, Session::query);
        query.getStyleClass().add("mono-column");
        var state = Columns.text(texts.get("replicate.writers.state"), 130, Session::state);
        state.setMinWidth(130); // "idle in transaction" is the one that matters
        table.getColumns()
                .addAll(List.of(
                        Columns.number(
                                texts.get("replicate.writers.pid"),
                                64,
                                Comparator.comparingInt(Session::pid),
                                session -> Integer.toString(session.pid())),
                        Columns.text(texts.get("replicate.writers.user"), 90, Session::user),
                        Columns.text(texts.get("replicate.writers.application"), 160, WritersTable::from),
                        state,
                        Columns.number(
                                texts.get("replicate.writers.transaction"),
                                84,
                                Comparator.comparing(Session::transaction),
                                session -> session.transaction().equals(Duration.ZERO)
                                        ? Format.UNKNOWN
                                        : Format.duration(session.transaction())),
                        query));
        var sorted = new SortedList<>(sessions);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
    }

    TableView<Session> table() {
        return table;
    }

    void show(List<Session> now) {
        sessions.setAll(now);
    }

    private static String from(Session session) {
        if (session.application().isEmpty() || session.client().isEmpty()) {
            return session.application() + session.client();
        }
        return session.application() + " · " + session.client();
    }
}
