package io.handover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgPassTest {

    @TempDir
    Path home;

    private PgPass passwords;

    @BeforeEach
    void write() throws IOException {
        passwords = PgPass.of(Map.of(), "Linux", home);
        Files.writeString(passwords.file(), """
                # a comment:5432:*:*:no
                too:short
                db:5432:orders:ada:for orders: with colons\\\\
                db:*:*:ada:any
                fe80\\:\\:1:5432:*:bob:six
                *:5432:*:last:for all
                """);
        rights("rw-------");
    }

    @Test
    void theFirstLineThatFitsWins() {
        assertEquals(found("for orders: with colons\\"), passwords.find(profile("db", 5432, "orders", "ada")));
        assertEquals(found("any"), passwords.find(profile("db", 5433, "orders", "ada")));
        assertEquals(found("six"), passwords.find(profile("fe80::1", 5432, "x", "bob")));
        assertEquals(found("for all"), passwords.find(profile("elsewhere", 5432, "x", "last")));
        assertEquals(new PgPass.Lookup.None(), passwords.find(profile("db", 5432, "orders", "eve")));
    }

    @Test
    void aFileThatOthersMayReadIsRefusedAsLibpqDoes() throws IOException {
        for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            rights(open);
            assertInstanceOf(PgPass.Lookup.Refused.class, passwords.find(profile("db", 5432, "orders", "ada")), open);
        }
    }

    @Test
    void theEnvironmentNamesAnotherFile() throws IOException {
        var other = home.resolve("other");
        Files.writeString(other, "*:*:*:*:x\n");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("r--------"));

        var named = PgPass.of(Map.of("PGPASSFILE", other.toString()), "Linux", home);

        assertEquals(found("x"), named.find(profile("db", 5432, "orders", "ada")));
    }

    @Test
    void noFileIsNoError() {
        assertEquals(
                new PgPass.Lookup.None(),
                new PgPass(home.resolve("missing")).find(profile("db", 5432, "orders", "ada")));
    }

    private void rights(String rights) throws IOException {
        Files.setPosixFilePermissions(passwords.file(), PosixFilePermissions.fromString(rights));
    }

    private static PgPass.Lookup found(String password) {
        return new PgPass.Lookup.Found(Secret.of(password));
    }

    private static Profile profile(String host, int port, String database, String user) {
        return new Profile("any", host, port, database, user, TlsMode.PREFER, "", Environment.UNTAGGED);
    }
}
