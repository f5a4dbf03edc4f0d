package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    private static final String NASTY = " 'q\"\\@:/?#&%41=$x+ é🐘";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"db.example", "127.0.0.1", "::1"})
    void whatIsWrittenIsReadAgain(String host) throws Exception {
        var url = new DatabaseUrl(folder.resolve("app.env"));
        var endpoint = endpoint(host);

        url.write(endpoint);

        assertEquals(endpoint, url.read());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "DATABASE_URL=postgresql://ann:secret@db.example/sh",
                "DATABASE_URL=mysql://ann:secret@db.example/shop\n",
                "DATABASE_URL=postgresql://ann:secret@one.example,two.example/shop\n",
                "DATABASE_URL=postgresql://ann:secret%@db.example/shop\n"
            })
    void anythingElseIsRefusedWithoutQuotingThePassword(String text) throws Exception {
        var url = new DatabaseUrl(Files.writeString(folder.resolve("app.env"), text));

        var refusal = assertThrows(IOException.class, url::read);

        for (Throwable e = refusal; e != null; e = e.getCause()) {
            assertFalse(e.toString().contains("secret"), e.toString());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no sh
    void theHookPutsItsEnvironmentIntoTheFile() throws Exception {
        var url = new DatabaseUrl(folder.resolve("it's the app.env"));
        url.write(endpoint("old.example"));
        var moved = endpoint("new.example");

        var shell = new ProcessBuilder("sh", "-c", url.hookCommand()).inheritIO();
        shell.environment().put(DatabaseUrl.NAME, DatabaseUrl.format(moved));

        assertEquals(0, shell.start().waitFor());
        assertEquals(moved, url.read());
    }

    private static Endpoint endpoint(String host) {
        return new Endpoint(
                new Profile(
                        "d" + NASTY, host, 5433, "d" + NASTY, "u" + NASTY, TlsMode.DISABLE, "", Environment.UNTAGGED),
                Secret.of("p" + NASTY));
    }
}
