package io.handover.ui.connect;

import io.handover.model.ConnectionText;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.store.PgServices;
import io.handover.store.Profiles;
import io.handover.ui.FilePicker;
import io.handover.ui.UiContext;
import io.handover.ui.control.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The saved profiles, and the services of PostgreSQL's own file, to choose from. JavaFX thread.
public final class ProfileShelf {

    private static final String FILES = "*.json";

    private final UiContext context;
    private final Texts texts;
    private final Profiles profiles;
    private final Map<String, ConnectionText> services = new LinkedHashMap<>();
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper said = new ReadOnlyStringWrapper("");

    /// Something to choose.
    public sealed interface Entry {
        /// What people call it.
        String name();

        /// A saved profile.
        record Saved(Profile profile) implements Entry {
            @Override
            public String name() {
                return profile.name();
            }
        }

        /// An entry of the service file.
        record Service(String name, ConnectionText said) implements Entry {}
    }

    /// Of the store of `context`.
    public ProfileShelf(UiContext context) {
        this.context = context;
        this.texts = context.texts();
        this.profiles = context.store().profiles();
        profiles.trouble().ifPresent(context::tell);
        readServices(context.store().services());
        renew();
    }

    /// Profiles first, then services.
    public ObservableList<Entry> entries() {
        return entries;
    }

    /// What the last act did, in words.
    public ReadOnlyStringProperty said() {
        return said.getReadOnlyProperty();
    }

    /// Keeps `profile`, in place of one of the same name.
    public void save(Profile profile) {
        act(() -> {
            profiles.save(profile);
            return texts.get("connect.profile.saved", profile.name());
        });
    }

    /// Gives a saved profile another name.
    public void rename(String from, String to) {
        act(() -> {
            profiles.rename(from, to);
            return texts.get("connect.profile.renamed", from, to);
        });
    }

    /// Forgets a saved profile.
    public void delete(String name) {
        act(() -> {
            profiles.delete(name);
            return texts.get("connect.profile.deleted", name);
        });
    }

    /// Asks for a colleague's file and takes its profiles in.
    public void importFile() {
        context.files()
                .open(texts.get("connect.import.title"), texts.get("connect.files"), FILES)
                .ifPresent(file -> act(() -> {
                    var added = profiles.importFrom(file);
                    return texts.count("connect.imported", added.size());
                }));
    }

    /// Asks for a file and writes all profiles to it, without any secret.
    public void exportFile() {
        FilePicker files = context.files();
        files.save(
                        texts.get("connect.export.title"),
                        texts.get("connect.files"),
                        FILES,
                        texts.get("connect.export.name"))
                .ifPresent(this::export);
    }

    private void export(Path file) {
        act(() -> {
            List<Profile> all = profiles.all();
            Profiles.exportTo(file, all);
            return texts.count("connect.exported", all.size(), file);
        });
    }

    private void readServices(PgServices file) {
        try {
            services.putAll(file.all());
        } catch (IOException e) {
            context.tell(new Problem(
                    "service-file",
                    texts.get("connect.services.unread", file.file()),
                    texts.get("connect.services.meaning"),
                    "",
                    e.toString()));
        }
    }

    private void renew() {
        entries.setAll(Stream.concat(
                        profiles.all().stream().<Entry>map(Entry.Saved::new),
                        services.entrySet().stream().<Entry>map(e -> new Entry.Service(e.getKey(), e.getValue())))
                .toList());
    }

    private void act(Act act) {
        try {
            said.set(act.run());
            renew();
        } catch (IOException | IllegalArgumentException e) {
            said.set("");
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            context.tell(new Problem(
                    "profiles",
                    texts.get("connect.profile.failed", why),
                    texts.get("connect.profile.meaning"),
                    "",
                    ""));
        }
    }

    @FunctionalInterface
    private interface Act {
        String run() throws IOException;
    }
}
