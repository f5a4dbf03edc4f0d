package io.handover.store;

import io.handover.model.Problem;
import io.handover.model.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The saved profiles, one JSON file. Never a secret in it. Any thread.
///
/// A file that cannot be understood is copied aside before anything is written over it, and `trouble` says so.
public final class Profiles {

    private static final Comparator<Profile> ORDER =
            Comparator.comparing(Profile::name, String.CASE_INSENSITIVE_ORDER).thenComparing(Profile::name);

    private final Path file;
    private final Map<String, Profile> byName = new LinkedHashMap<>();
    private Optional<Problem> trouble = Optional.empty();

    /// Reads `file`, which need not exist.
    public Profiles(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            read();
        }
    }

    /// All of them, by name.
    public synchronized List<Profile> all() {
        return byName.values().stream().sorted(ORDER).toList();
    }

    /// The one of that name.
    public synchronized Optional<Profile> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// What was wrong with the file when it was read, for people; empty if nothing.
    public synchronized Optional<Problem> trouble() {
        return trouble;
    }

    /// Keeps `profile`, in place of another of the same name.
    public synchronized void save(Profile profile) throws IOException {
        var before = Map.copyOf(byName);
        byName.put(profile.name(), profile);
        writeOr(before);
    }

    /// Gives a profile another name.
    ///
    /// @throws IllegalArgumentException if there is none of the old name, or one of the new
    public synchronized void rename(String oldName, String newName) throws IOException {
        var profile = byName.get(oldName);
        if (profile == null) {
            throw new IllegalArgumentException("there is no profile '" + oldName + "'");
        }
        if (oldName.equals(newName)) {
            return;
        }
        if (byName.containsKey(newName)) {
            throw new IllegalArgumentException("there is a profile '" + newName + "' already");
        }
        var before = Map.copyOf(byName);
        var renamed = profile.named(newName);
        byName.remove(oldName);
        byName.put(newName, renamed);
        writeOr(before);
    }

    /// Forgets a profile; does nothing if there is none of that name.
    public synchronized void delete(String name) throws IOException {
        var before = Map.copyOf(byName);
        if (byName.remove(name) != null) {
            writeOr(before);
        }
    }

    /// Writes profiles to a file for colleagues.
    public static void exportTo(Path to, Collection<Profile> profiles) throws IOException {
        PrivateFile.write(to, ProfileJson.write(profiles.stream().sorted(ORDER).toList()));
    }

    /// Takes the profiles of a colleague's file in. One that is here already is left; one of the same name with
    /// other contents gets a number behind its name.
    ///
    /// @return those that are new, under the names they have now
    /// @throws IOException if the file cannot be read, or holds anything but profiles
    public synchronized List<Profile> importFrom(Path from) throws IOException {
        var read = ProfileJson.read(Files.readAllBytes(from));
        if (!read.errors().isEmpty()) {
            throw new IOException(String.join("; ", read.errors()));
        }
        var before = Map.copyOf(byName);
        var added = new ArrayList<Profile>();
        for (Profile profile : read.profiles()) {
            if (byName.values().stream().noneMatch(mine -> isThere(mine, profile))) {
                var mine = profile.named(freeName(profile.name()));
                byName.put(mine.name(), mine);
                added.add(mine);
            }
        }
        if (!added.isEmpty()) {
            writeOr(before);
        }
        return added;
    }

    /// The same, under its own name or one that `freeName` made of it.
    private static boolean isThere(Profile mine, Profile theirs) {
        return mine.equals(theirs.named(mine.name()))
                && (mine.name().equals(theirs.name()) || mine.name().startsWith(theirs.name() + " ("));
    }

    private String freeName(String wanted) {
        var name = wanted;
        for (int i = 2; byName.containsKey(name); i++) {
            name = wanted + " (" + i + ")";
        }
        return name;
    }

    private void read() {
        try {
            var read = ProfileJson.read(Files.readAllBytes(file));
            read.profiles().forEach(profile -> byName.put(profile.name(), profile));
            if (!read.errors().isEmpty()) {
                trouble = Optional.of(broken(String.join("\n", read.errors())));
            }
        } catch (IOException e) {
            trouble = Optional.of(broken(e.toString()));
        }
    }

    private Problem broken(String details) {
        String kept;
        try {
            kept = "The file was copied to " + PrivateFile.keepAside(file) + " first.";
        } catch (IOException e) {
            kept = "It could not be copied aside (" + e + "): copy " + file + " before you save a profile.";
        }
        return new Problem(
                "profiles-broken",
                "Some saved profiles could not be read.",
                "No database is concerned; those profiles are missing from the list.",
                kept + " Repair it by hand, or enter the profiles again.",
                details);
    }

    private void writeOr(Map<String, Profile> before) throws IOException {
        try {
            PrivateFile.write(file, ProfileJson.write(all()));
        } catch (IOException e) {
            byName.clear();
            byName.putAll(before);
            throw e;
        }
    }
}
