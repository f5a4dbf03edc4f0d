package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogFileTest {

    @TempDir
    private Path home;

    @AfterEach
    void putTheOldLogBack() throws IOException {
        Thread.setDefaultUncaughtExceptionHandler(null);
        LogManager.getLogManager().readConfiguration(); // closes the file
    }

    @Test
    void aFailureIsInTheFileWithItsCauseAndThread() throws IOException {
        LogFile.start(home.resolve("50% state"));

        LoggerFactory.getLogger("io.handover.any").warn("It did not work", new IOException("disk full"));

        var log = Files.readString(home.resolve("50% state").resolve("handover.0.log"));
        assertTrue(log.contains("It did not work"), log);
        assertTrue(log.contains("java.io.IOException: disk full"), log);
        assertTrue(log.contains("[" + Thread.currentThread().getName() + "]"), log);
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        LogFile.start(home.resolve("state"));

        assertEquals(
                PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(home.resolve("state")));
    }

    @Test
    void aThreadThatDiesIsInTheFile() throws Exception {
        LogFile.start(home);

        var thread = new Thread(() -> {
            throw new IllegalStateException("nobody catches this");
        });
        thread.start();
        thread.join();

        assertTrue(Files.readString(home.resolve("handover.0.log")).contains("nobody catches this"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h/db?user=u&password=s3cret&ssl=true",
                "connection 'host=h password=s3cret user=u' refused",
                "connection 'host=h password=''s3cret two'' user=u'",
                "CREATE ROLE r LOGIN PASSWORD 's3cret ''x'''",
                "host=h password='it\\'s s3cret' user=u",
                "postgresql://u:s3cret@h:5432/db",
                "postgresql://u:s3c/r@s3cret@h:5432/db",
                "{\"password\": \"s3cret\"}",
                "{password=s3cret, user=u}",
            })
    void passwordsAreStruckOut(String text) {
        assertFalse(LogLine.withoutSecrets(text).contains("s3cret"), LogLine.withoutSecrets(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u@h:5432/db is gone",
                "Slot \"x\" on h:5432 holds 3 MB",
                "jdbc:postgresql://h:5432/db?user=u",
                "FATAL: password authentication failed for user \"u\"",
            })
    void theRestStays(String text) {
        assertEquals(text, LogLine.withoutSecrets(text));
    }
}
