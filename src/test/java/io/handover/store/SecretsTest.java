package io.handover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final Secret PASSWORD = Secret.of("pä$$: wörd\n東京");

    @TempDir
    Path folder;

    private final Profile profile =
            new Profile("any", "db", 5432, "orders", "ada", TlsMode.PREFER, "", Environment.UNTAGGED);
    private Path file;

    @BeforeEach
    void keepOne() throws IOException {
        file = folder.resolve("secrets.bin");
        var secrets = new Secrets(file);
        assertTrue(secrets.unlock("master".toCharArray()));
        secrets.keep(profile, PASSWORD);
    }

    @Test
    void theMasterPasswordGivesItBack() throws IOException {
        var secrets = new Secrets(file);
        assertEquals(Optional.empty(), secrets.find(profile), "locked");

        assertTrue(secrets.unlock("master".toCharArray()));

        assertEquals(Optional.of(PASSWORD), secrets.find(profile));
        assertEquals(Optional.of(PASSWORD), secrets.find(profile.named("renamed")));
    }

    @Test
    void aProfileThatIsPointedElsewhereHasNoPassword() throws IOException {
        var secrets = new Secrets(file);
        secrets.unlock("master".toCharArray());
        var elsewhere = new Profile("any", "evil", 5432, "orders", "ada", TlsMode.PREFER, "", Environment.UNTAGGED);

        assertEquals(Optional.empty(), secrets.find(elsewhere));
    }

    @Test
    void aWrongMasterPasswordOpensNothing() throws IOException {
        var secrets = new Secrets(file);

        assertFalse(secrets.unlock("Master".toCharArray()));
        assertFalse(secrets.isUnlocked());
        assertThrows(IllegalStateException.class, () -> secrets.keep(profile, PASSWORD));
    }

    @Test
    void oneChangedBitIsNoticedWhereverItIs() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        // salt, nonce, cipher text, tag; the rounds are left alone so that the test stays quick
        for (int at : new int[] {14, 30, 42, whole.length - 1}) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);

            assertFalse(new Secrets(file).unlock("master".toCharArray()), "byte " + at);
        }
    }

    @Test
    void theFileShowsNothingAndIsItsOwnersOnly() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        var hex = HexFormat.of();

        assertFalse(hex.formatHex(whole).contains(hex.formatHex("wörd".getBytes(StandardCharsets.UTF_8))));
        assertFalse(hex.formatHex(whole).contains(hex.formatHex("ada".getBytes(StandardCharsets.UTF_8))));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void everySealingHasANewNonce() throws IOException {
        var before = HexFormat.of().formatHex(Files.readAllBytes(file));
        var secrets = new Secrets(file);
        secrets.unlock("master".toCharArray());
        secrets.keep(profile, PASSWORD);

        var after = HexFormat.of().formatHex(Files.readAllBytes(file));

        assertNotEquals(before.substring(58, 82), after.substring(58, 82), "the same nonce twice breaks GCM");
    }

    @Test
    void aNewerVersionIsRefusedByName() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        whole[8] = 9;
        Files.write(file, whole);

        var e = assertThrows(IOException.class, () -> new Secrets(file).unlock("master".toCharArray()));
        assertTrue(e.getMessage().contains("version 9"));
    }

    @Test
    void forgettingAllRemovesTheFile() throws IOException {
        new Secrets(file).forgetAll();

        assertFalse(Files.exists(file));
    }
}
