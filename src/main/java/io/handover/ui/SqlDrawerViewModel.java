package io.handover.ui;

import io.handover.engine.Migration;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.ui.fx.FxFeed;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

/// The SQL of a migration: what will run, what runs and what ran.
public final class SqlDrawerViewModel {

    /// As many as the engine keeps.
    private static final int MOST = 10_000;

    /// Which statements.
    public enum Which {
        /// Sent, oldest first.
        RAN,
        /// What the next command would send.
        WILL_RUN
    }

    private final UiContext context;
    private final ObservableValue<Optional<Optional<SqlRecord>>> newest;
    private final ObservableList<SqlRecord> ran = FXCollections.observableArrayList();
    private final ObservableList<SqlRecord> planned = FXCollections.observableArrayList();
    private final FilteredList<SqlRecord> ranShown = new FilteredList<>(ran);
    private final FilteredList<SqlRecord> plannedShown = new FilteredList<>(planned);
    private final Map<Long, Integer> places = new HashMap<>();
    private final ReadOnlyIntegerWrapper running = new ReadOnlyIntegerWrapper();
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObjectProperty<Optional<Side>> side = new SimpleObjectProperty<>(Optional.empty());
    private final ObjectProperty<Which> which = new SimpleObjectProperty<>(Which.RAN);
    private final BooleanProperty open = new SimpleBooleanProperty();
    private Optional<Migration> migration = Optional.empty();
    private long seen;

    /// Follows the migration of `context`.
    public SqlDrawerViewModel(UiContext context) {
        this.context = context;
        this.newest = FxFeed.follow(context.migration(), Migration::sql);
        newest.subscribe(_ -> catchUp());
        filter.subscribe(_ -> sift());
        side.subscribe(_ -> sift());
        open.subscribe(_ -> plan());
        which.subscribe(_ -> plan());
        context.state().subscribe(_ -> plan());
    }

    /// The statements to show now.
    public ObservableList<SqlRecord> statements() {
        return which.get() == Which.RAN ? ranShown : plannedShown;
    }

    /// The statements that ran, sifted.
    public ObservableList<SqlRecord> ran() {
        return ranShown;
    }

    /// How many statements run at this moment.
    public ReadOnlyIntegerProperty running() {
        return running.getReadOnlyProperty();
    }

    /// Words that must stand in the statement or its note, whatever their case.
    public StringProperty filter() {
        return filter;
    }

    /// One server's statements, or both servers'.
    public ObjectProperty<Optional<Side>> side() {
        return side;
    }

    /// Ran or will run.
    public ObjectProperty<Which> which() {
        return which;
    }

    /// Whether the drawer is seen.
    public BooleanProperty open() {
        return open;
    }

    /// The statements shown now as a script, each with where it goes and what became of it as a comment.
    public String script() {
        return statements().stream().map(SqlDrawerViewModel::script).collect(Collectors.joining("\n"));
    }

    /// One statement as a script.
    public static String script(SqlRecord record) {
        var sql = record.sql().strip();
        var note = record.note().isEmpty() ? "" : " – " + record.note().replace('\n', ' ');
        return "-- " + record.side().word() + note + "\n" + sql + (sql.endsWith(";") ? "" : ";") + "\n";
    }

    private void catchUp() {
        var now = context.migration().get();
        if (!now.equals(migration)) {
            migration = now;
            seen = 0;
            places.clear();
            ran.clear();
        }
        if (now.isEmpty()) {
            running.set(0);
            return;
        }
        var history = now.get().sqlHistory();
        long until = history.added();
        for (SqlRecord record : history.since(seen)) {
            take(record);
        }
        seen = until;
        forgetOldest();
        running.set((int)
                ran.stream().filter(r -> r.status() == SqlRecord.Status.RUNNING).count());
    }

    /// A statement that has ended takes the place of the same one that ran.
    private void take(SqlRecord record) {
        var place = places.get(record.number());
        if (place == null) {
            places.put(record.number(), ran.size());
            ran.add(record);
        } else {
            ran.set(place, record);
        }
    }

    private void forgetOldest() {
        int tooMany = ran.size() - MOST;
        if (tooMany > 0) {
            ran.remove(0, tooMany);
            places.clear();
            for (int i = 0; i < ran.size(); i++) {
                places.put(ran.get(i).number(), i);
            }
        }
    }

    /// Planning costs something: it is done for eyes only.
    private void plan() {
        if (open.get() && which.get() == Which.WILL_RUN) {
            planned.setAll(context.migration().get().map(Migration::plannedSql).orElse(List.of()));
        }
    }

    private void sift() {
        var words = filter.get().strip().toLowerCase(Locale.ROOT);
        var only = side.get();
        ranShown.setPredicate(record -> fits(record, words, only));
        plannedShown.setPredicate(record -> fits(record, words, only));
    }

    private static boolean fits(SqlRecord record, String words, Optional<Side> only) {
        return only.map(record.side()::equals).orElse(true)
                && (words.isEmpty()
                        || record.sql().toLowerCase(Locale.ROOT).contains(words)
                        || record.note().toLowerCase(Locale.ROOT).contains(words));
    }
}
