package io.handover.ui.connect;

import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.store.PgPass;
import io.handover.store.Secrets;
import io.handover.store.Store;
import io.handover.ui.UiContext;
import io.handover.ui.control.Problems;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.FxFeed;
import java.io.IOException;
import java.util.Arrays;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;

/// Where passwords come from: typed, remembered under the master password, `.pgpass`, or none at all. JavaFX thread.
public final class Passwords {

    private final UiContext context;
    private final Texts texts;
    private final Secrets secrets;
    private final PgPass pgPass;
    private final ReadOnlyBooleanWrapper unlocked = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper exist = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper wrong = new ReadOnlyStringWrapper("");
    private final BooleanProperty busy = new SimpleBooleanProperty();

    /// Of the store of `context`.
    public Passwords(UiContext context) {
        this.context = context;
        this.texts = context.texts();
        Store store = context.store();
        this.secrets = store.secrets();
        this.pgPass = store.pgPass();
        exist.set(secrets.exist());
        unlocked.set(secrets.isUnlocked());
    }

    /// Whether passwords can be remembered and recalled now.
    public ReadOnlyBooleanProperty unlocked() {
        return unlocked.getReadOnlyProperty();
    }

    /// Whether there are remembered passwords at all.
    public ReadOnlyBooleanProperty exist() {
        return exist.getReadOnlyProperty();
    }

    /// Why the last try to unlock failed; empty if it did not.
    public ReadOnlyStringProperty wrong() {
        return wrong.getReadOnlyProperty();
    }

    /// Whether the master password is being tried; it takes half a second.
    public BooleanProperty busy() {
        return busy;
    }

    /// Opens the remembered passwords, or begins them.
    public void unlock(String master) {
        if (master.isEmpty() || busy.get()) {
            return;
        }
        busy.set(true);
        char[] word = master.toCharArray();
        var tried = context.work(() -> {
            try {
                return secrets.unlock(word);
            } finally {
                Arrays.fill(word, '\0');
            }
        });
        FxFeed.whenDone(
                tried,
                right -> {
                    busy.set(false);
                    wrong.set(right ? "" : texts.get("connect.vault.wrong"));
                    unlocked.set(right);
                },
                failure -> {
                    busy.set(false);
                    wrong.set(failure.getMessage());
                });
    }

    /// The endpoint with the password that is to be used: the typed one, else the remembered one, else the one in
    /// `.pgpass`, else none.
    public Endpoint complete(Endpoint typed) {
        if (!typed.password().isNone()) {
            return typed;
        }
        var found = secrets.find(typed.profile()).or(() -> pgPass.password(typed.profile()));
        return new Endpoint(typed.profile(), found.orElse(Secret.none()));
    }

    /// What will be used for `profile` if nothing is typed, in words; empty if nothing is known.
    public String note(Profile profile) {
        if (secrets.find(profile).isPresent()) {
            return texts.get("connect.password.remembered");
        }
        return switch (pgPass.find(profile)) {
            case PgPass.Lookup.Found _ -> texts.get("connect.password.pgpass", pgPass.file());
            case PgPass.Lookup.Refused(var reason) -> reason;
            case PgPass.Lookup.None _ -> "";
        };
    }

    /// Remembers the typed password, if the form says so and the store is open; forgets it if it does not.
    public void keep(Endpoint typed, boolean remember) {
        if (!secrets.isUnlocked()) {
            return;
        }
        try {
            if (remember && !typed.password().isNone()) {
                secrets.keep(typed.profile(), typed.password());
                exist.set(true);
            } else if (!remember) {
                secrets.forget(typed.profile());
            }
        } catch (IOException e) {
            context.tell(Problems.of(e, texts));
        }
    }

    /// Whether a password is remembered for `profile`.
    public boolean remembers(Profile profile) {
        return secrets.find(profile).isPresent();
    }
}
