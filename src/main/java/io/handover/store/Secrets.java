package io.handover.store;

import io.handover.model.Profile;
import io.handover.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Passwords the user asked to be remembered: one encrypted file under a master password, see `Vault`. Locked
/// until the master password is given, each time the program runs. Any thread; unlocking takes about half a second.
///
/// A password belongs to user, host, port and database, not to a profile's name, so that a renamed profile keeps it
/// and one that is pointed elsewhere does not send it to a stranger.
public final class Secrets {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<String, String>> ENTRIES = new TypeReference<>() {};

    private final Path file;
    private final Map<String, String> entries = new HashMap<>();
    private @Nullable Vault vault;

    /// Kept in `file`, which need not exist.
    public Secrets(Path file) {
        this.file = file;
    }

    /// Whether there is anything to unlock.
    public boolean exist() {
        return Files.exists(file);
    }

    /// Whether passwords can be read and kept now.
    public synchronized boolean isUnlocked() {
        return vault != null;
    }

    /// Opens the file, or begins one if there is none.
    ///
    /// @param master cleared by the caller
    /// @return false if the master password is wrong, or somebody changed the file: the two cannot be told apart
    /// @throws IOException if it cannot be read, or is of a version this program does not know
    public synchronized boolean unlock(char[] master) throws IOException {
        if (!exist()) {
            vault = Vault.create(master);
            return true;
        }
        var opened = Vault.open(Files.readAllBytes(file), master);
        if (opened.isEmpty()) {
            return false;
        }
        vault = opened.get().vault();
        entries.clear();
        entries.putAll(MAPPER.readValue(opened.get().content(), ENTRIES));
        return true;
    }

    /// The password for that connection; empty while locked, or if none was kept.
    public synchronized Optional<Secret> find(Profile profile) {
        return Optional.ofNullable(entries.get(key(profile))).map(Secret::of);
    }

    /// Keeps `password` for that connection.
    ///
    /// @throws IllegalStateException while locked
    public synchronized void keep(Profile profile, Secret password) throws IOException {
        change(() -> entries.put(key(profile), password.reveal()));
    }

    /// Forgets the password for that connection.
    ///
    /// @throws IllegalStateException while locked
    public synchronized void forget(Profile profile) throws IOException {
        if (entries.containsKey(key(profile))) {
            change(() -> entries.remove(key(profile)));
        }
    }

    /// Forgets all of them and the master password: what is left when it is forgotten.
    public synchronized void forgetAll() throws IOException {
        Files.deleteIfExists(file);
        entries.clear();
        vault = null;
    }

    private void change(Runnable change) throws IOException {
        var open = vault;
        if (open == null) {
            throw new IllegalStateException("the remembered passwords are locked");
        }
        var before = Map.copyOf(entries);
        change.run();
        try {
            PrivateFile.write(file, open.seal(MAPPER.writeValueAsString(entries)));
        } catch (IOException e) {
            entries.clear();
            entries.putAll(before);
            throw e;
        }
    }

    private static String key(Profile profile) {
        return profile.user() + "@" + profile.address();
    }
}
