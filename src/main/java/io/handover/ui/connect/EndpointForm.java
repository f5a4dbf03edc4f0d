package io.handover.ui.connect;

import io.handover.model.ConnectionText;
import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.PgUri;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.Property;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

/// One server as the user enters it, and what is wrong with that. JavaFX thread.
public final class EndpointForm {

    private final Side side;
    private final Texts texts;
    private final StringProperty name = new SimpleStringProperty("");
    private final StringProperty host = new SimpleStringProperty("");
    private final StringProperty port = new SimpleStringProperty("5432");
    private final StringProperty database = new SimpleStringProperty("");
    private final StringProperty user = new SimpleStringProperty("");
    private final StringProperty password = new SimpleStringProperty("");
    private final ObjectProperty<TlsMode> tls = new SimpleObjectProperty<>(TlsMode.PREFER);
    private final StringProperty rootCertificate = new SimpleStringProperty("");
    private final ObjectProperty<Environment> environment = new SimpleObjectProperty<>(Environment.UNTAGGED);
    private final BooleanProperty remember = new SimpleBooleanProperty();
    private final StringProperty pasted = new SimpleStringProperty("");
    private final StringProperty pasteNote = new SimpleStringProperty("");
    private final BooleanProperty complain = new SimpleBooleanProperty();
    private final ObservableValue<Optional<Profile>> profile;

    /// Empty.
    public EndpointForm(Side side, Texts texts) {
        this.side = side;
        this.texts = texts;
        this.profile = Derived.of(this::read, name, host, port, database, user, tls, rootCertificate, environment);
        pasted.addListener((_, before, now) -> {
            // A paste, not somebody who types: what is typed is read when the field is left
            if (now.length() > before.length() + 1 && ConnectionText.looksLikeOne(now)) {
                readPasted();
            }
        });
    }

    /// Which server.
    public Side side() {
        return side;
    }

    /// The user's name for it; empty for one made of user and host.
    public StringProperty name() {
        return name;
    }

    /// Host name or address.
    public StringProperty host() {
        return host;
    }

    /// The port, as typed.
    public StringProperty port() {
        return port;
    }

    /// The database.
    public StringProperty database() {
        return database;
    }

    /// The role.
    public StringProperty user() {
        return user;
    }

    /// The password as typed; empty for one that is remembered, in `.pgpass`, or not needed.
    public StringProperty password() {
        return password;
    }

    /// How much TLS is insisted on.
    public ObjectProperty<TlsMode> tls() {
        return tls;
    }

    /// File of the certificate authority; empty for the system's.
    public StringProperty rootCertificate() {
        return rootCertificate;
    }

    /// What the server is for.
    public ObjectProperty<Environment> environment() {
        return environment;
    }

    /// Whether the password is to be kept, encrypted.
    public BooleanProperty remember() {
        return remember;
    }

    /// What was pasted into the field for connection strings.
    public StringProperty pasted() {
        return pasted;
    }

    /// What was wrong with the pasted text, or what of it was passed over; may be empty.
    public StringProperty pasteNote() {
        return pasteNote;
    }

    /// Whether missing fields are pointed out: not before the user has tried.
    public BooleanProperty complain() {
        return complain;
    }

    /// The profile the fields make; empty while something is missing or wrong.
    public ObservableValue<Optional<Profile>> profile() {
        return profile;
    }

    /// What is wrong with the host; empty if nothing.
    public ObservableValue<String> hostWrong() {
        return Derived.of(() -> missing(host, "connect.wrong.host"), host, complain);
    }

    /// What is wrong with the port.
    public ObservableValue<String> portWrong() {
        return Derived.of(() -> portNumber().isEmpty() ? texts.get("connect.wrong.port") : "", port);
    }

    /// What is wrong with the database.
    public ObservableValue<String> databaseWrong() {
        return Derived.of(() -> missing(database, "connect.wrong.database"), database, complain);
    }

    /// What is wrong with the user.
    public ObservableValue<String> userWrong() {
        return Derived.of(() -> missing(user, "connect.wrong.user"), user, complain);
    }

    /// The first thing that is wrong, with the side; empty if nothing is.
    public Optional<String> wrong() {
        return List.of(
                        host.get().isBlank() ? "connect.wrong.host" : "",
                        Profile.isHost(host.get().strip()) ? "" : "connect.wrong.hostName",
                        portNumber().isEmpty() ? "connect.wrong.port" : "",
                        database.get().isEmpty() ? "connect.wrong.database" : "",
                        user.get().isEmpty() ? "connect.wrong.user" : "")
                .stream()
                .filter(key -> !key.isEmpty())
                .findFirst()
                .map(key -> texts.of("connect.side", side) + ": " + texts.get(key));
    }

    /// Fills everything in from `from`; the typed password goes, unless it is for the same place.
    public void fill(Profile from) {
        boolean samePlace = profile.getValue()
                .map(now -> now.address().equals(from.address()) && now.user().equals(from.user()))
                .orElse(false);
        name.set(from.name());
        host.set(from.host());
        port.set(Integer.toString(from.port()));
        database.set(from.database());
        user.set(from.user());
        tls.set(from.tls());
        rootCertificate.set(from.rootCertificate());
        environment.set(from.environment());
        if (!samePlace) {
            password.set("");
        }
        complain.set(false);
        pasteNote.set("");
    }

    /// Fills in what `said` says and leaves the rest as it is.
    public void fill(ConnectionText said) {
        set(host, said.host());
        if (said.port() != 0) {
            port.set(Integer.toString(said.port()));
        }
        set(database, said.database());
        set(user, said.user());
        if (!said.password().isNone()) {
            password.set(said.password().reveal());
        }
        said.tls().ifPresent(tls::set);
        set(rootCertificate, said.rootCertificate());
        pasteNote.set(note(said.passedOver()));
    }

    /// The worst of them first. A name that nobody knows may be a piece of a password with an & in it: it is not shown.
    private String note(List<String> passedOver) {
        List<String> notObeyed = passedOver.stream().filter(PgUri::cannotObey).toList();
        if (!notObeyed.isEmpty()) {
            return texts.get("connect.notObeyed", String.join(", ", notObeyed));
        }
        if (!passedOver.stream().allMatch(PgUri::isHarmless)) {
            return texts.get("connect.unknown");
        }
        return passedOver.isEmpty() ? "" : texts.get("connect.passedOver", String.join(", ", passedOver));
    }

    /// Reads the pasted text into the fields and clears it, so that a password in it is not seen any longer than
    /// needed; one that cannot be read stays, with the reason.
    public void readPasted() {
        if (pasted.get().isBlank()) {
            pasteNote.set("");
            return;
        }
        try {
            fill(ConnectionText.parse(pasted.get()));
            // Later, for a field that is being changed does not let itself be changed
            FxFeed.later(() -> pasted.set(""));
        } catch (IllegalArgumentException e) {
            pasteNote.set(e.getMessage());
        }
    }

    /// The other form's contents here and mine there.
    public void swap(EndpointForm other) {
        swap(name, other.name);
        swap(host, other.host);
        swap(port, other.port);
        swap(database, other.database);
        swap(user, other.user);
        swap(password, other.password);
        swap(tls, other.tls);
        swap(rootCertificate, other.rootCertificate);
        swap(environment, other.environment);
        swap(remember, other.remember);
    }

    /// The endpoint with the password as typed.
    public Optional<Endpoint> typed() {
        return profile.getValue().map(p -> new Endpoint(p, Secret.of(password.get())));
    }

    private Optional<Profile> read() {
        if (wrong().isPresent()) {
            return Optional.empty();
        }
        var called = name.get().isBlank() ? unnamed() : name.get().strip();
        return portNumber()
                .map(number -> new Profile(
                        called,
                        host.get().strip(),
                        number,
                        database.get(),
                        user.get(),
                        tls.get(),
                        needsCertificate(tls.get()) ? rootCertificate.get().strip() : "",
                        environment.get()));
    }

    /// What a profile is called that has no name; with the port, as two servers of one machine are often moved between.
    private String unnamed() {
        String at = port.get().strip();
        return database.get() + " on " + host.get().strip() + (at.equals("5432") ? "" : ":" + at);
    }

    /// Whether a certificate authority matters in that mode.
    static boolean needsCertificate(TlsMode mode) {
        return mode == TlsMode.VERIFY_CA || mode == TlsMode.VERIFY_FULL;
    }

    private Optional<Integer> portNumber() {
        try {
            int number = Integer.parseInt(port.get().strip());
            return number >= 1 && number <= 65_535 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private String missing(StringProperty field, String key) {
        return complain.get() && field.get().isBlank() ? texts.get(key) : "";
    }

    private static void set(StringProperty field, String value) {
        if (!value.isEmpty()) {
            field.set(value);
        }
    }

    private static <T> void swap(Property<T> one, Property<T> other) {
        T kept = one.getValue();
        one.setValue(other.getValue());
        other.setValue(kept);
    }
}
