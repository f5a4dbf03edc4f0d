package io.handover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {

    private static final Profile ORDERS = new Profile(
            "Orders – \"live\"",
            "db.example.com",
            5433,
            "or ders",
            "Ada's",
            TlsMode.VERIFY_CA,
            "/etc/ca.pem",
            Environment.PRODUCTION);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("deep").resolve("profiles.json");
    }

    @Test
    void aSavedProfileIsThereAfterARestartInEveryDetail() throws IOException {
        new Profiles(file).save(ORDERS);

        assertEquals(List.of(ORDERS), new Profiles(file).all());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        new Profiles(file).save(ORDERS);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void theFileHoldsTheProfilesFieldsAndNothingElse() throws IOException {
        new Profiles(file).save(ORDERS);

        var json = new tools.jackson.databind.json.JsonMapper().readTree(Files.readAllBytes(file));
        assertEquals(List.of("version", "profiles"), List.copyOf(json.propertyNames()));
        assertEquals(
                List.of("name", "host", "port", "database", "user", "tls", "rootCertificate", "environment"),
                List.copyOf(json.get("profiles").get(0).propertyNames()),
                "no field of a profile file can hold a secret");
    }

    @Test
    void fieldsOfANewerVersionAreToleratedAndMissingOnesHaveDefaults() throws IOException {
        write("""
                {"version": 7, "theme": "x", "profiles": [
                  {"name": "a", "host": "h", "database": "d", "user": "u", "colour": {"r": 1}}]}
                """);

        var profiles = new Profiles(file);

        assertEquals(
                List.of(new Profile("a", "h", 5432, "d", "u", TlsMode.PREFER, "", Environment.UNTAGGED)),
                profiles.all());
        assertTrue(profiles.trouble().isEmpty());
    }

    @Test
    void aBrokenFileIsKeptAsideBeforeSomethingIsWrittenOverIt() throws IOException {
        write("{\"profiles\": [");

        var profiles = new Profiles(file);
        profiles.save(ORDERS);

        assertTrue(profiles.trouble().isPresent(), "the user is told");
        assertEquals("{\"profiles\": [", Files.readString(file.resolveSibling("profiles.json.broken-1")));
        assertEquals(List.of(ORDERS), new Profiles(file).all());
    }

    @Test
    void oneBadProfileDoesNotHideTheOthersAndIsNotLost() throws IOException {
        write("""
                {"profiles": [
                  {"name": "bad", "host": "h", "port": 0, "database": "d", "user": "u"},
                  {"name": "good", "host": "h", "database": "d", "user": "u"}]}
                """);

        var profiles = new Profiles(file);

        assertEquals("good", profiles.all().getFirst().name());
        assertTrue(profiles.trouble().orElseThrow().details().contains("Profile 1"), "it says which");
        assertTrue(Files.exists(file.resolveSibling("profiles.json.broken-1")));
    }

    @Test
    void renamingRefusesANameThatIsTaken() throws IOException {
        var profiles = new Profiles(file);
        profiles.save(ORDERS);
        profiles.save(ORDERS.named("B"));

        assertThrows(IllegalArgumentException.class, () -> profiles.rename("B", ORDERS.name()));
        profiles.rename("B", "C");

        assertEquals(List.of("C", ORDERS.name()), names(new Profiles(file)));
    }

    @Test
    void deletingForgetsForGood() throws IOException {
        var profiles = new Profiles(file);
        profiles.save(ORDERS);
        profiles.delete(ORDERS.name());
        profiles.delete("never was");

        assertEquals(List.of(), new Profiles(file).all());
    }

    @Test
    void importAddsWhatIsNewOnceAndNumbersWhatOnlySharesAName() throws IOException {
        var theirs = folder.resolve("theirs.json");
        var other = new Profile(ORDERS.name(), "elsewhere", 5432, "d", "u", TlsMode.PREFER, "", Environment.TEST);
        Profiles.exportTo(theirs, List.of(other, other.named("Z")));
        var mine = new Profiles(file);
        mine.save(ORDERS);

        assertEquals(2, mine.importFrom(theirs).size());
        assertEquals(List.of(), mine.importFrom(theirs), "a second time nothing is new");

        assertEquals(List.of(ORDERS.name(), ORDERS.name() + " (2)", "Z"), names(mine));
        assertEquals(ORDERS, mine.named(ORDERS.name()).orElseThrow());
    }

    @Test
    void importingSomethingElseChangesNothing() throws IOException {
        var theirs = Files.writeString(folder.resolve("x.json"), "{\"a\": 1}");
        var mine = new Profiles(file);

        assertThrows(IOException.class, () -> mine.importFrom(theirs));

        assertFalse(Files.exists(file));
    }

    private void write(String json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }

    private static List<String> names(Profiles profiles) {
        return profiles.all().stream().map(Profile::name).toList();
    }
}
