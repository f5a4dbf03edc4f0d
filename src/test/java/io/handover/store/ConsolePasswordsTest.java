package io.handover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.Pooler;
import io.handover.model.Profile;
import io.handover.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolePasswordsTest {

    private static final Profile CONSOLE =
            Pooler.parse("postgresql://boss@pool:6432/shop", "").console();

    @TempDir
    Path folder;

    @Test
    void theTypedOneComesBeforeTheEnvironmentThenTheRememberedOneThenPgPass() throws Exception {
        Path pgPass = folder.resolve(".pgpass");
        Files.writeString(pgPass, "pool:6432:pgbouncer:boss:from-pgpass\n");
        Files.setPosixFilePermissions(pgPass, PosixFilePermissions.fromString("rw-------"));
        var none = open(Map.of());
        assertEquals(Secret.of("from-pgpass"), none.consoles().of(CONSOLE));
        assertEquals(
                Secret.of("common"),
                open(Map.of("PGPASSWORD", "common")).consoles().of(CONSOLE));

        none.secrets().unlock("master".toCharArray());
        none.secrets().keep(CONSOLE, Secret.of("remembered"));
        assertEquals(Secret.of("remembered"), none.consoles().of(CONSOLE));

        var own = open(Map.of("HANDOVER_PGBOUNCER_PASSWORD", "own", "PGPASSWORD", "common"));
        own.secrets().unlock("master".toCharArray());
        assertEquals(Secret.of("own"), own.consoles().of(CONSOLE));
        own.consoles().typed(CONSOLE, Secret.of("typed"));
        assertEquals(Secret.of("typed"), own.consoles().of(CONSOLE));
    }

    @Test
    void aPersonIsAskedOnceAndOnlyIfNothingElseIsKnown() {
        var passwords = open(Map.of()).consoles();
        assertEquals(Secret.none(), passwords.of(CONSOLE));
        var asked = new AtomicInteger();
        passwords.ask(console -> {
            asked.incrementAndGet();
            return Secret.none(); // trust, or a certificate
        });
        assertEquals(Secret.none(), passwords.of(CONSOLE));
        assertEquals(Secret.none(), passwords.of(CONSOLE));
        assertEquals(1, asked.get());

        var known = open(Map.of("PGPASSWORD", "common")).consoles();
        known.ask(_ -> Secret.of("asked in vain"));
        assertEquals(Secret.of("common"), known.of(CONSOLE));
    }

    private Store open(Map<String, String> environment) {
        return Store.open(folder.resolve("config"), environment, "Linux", folder);
    }
}
