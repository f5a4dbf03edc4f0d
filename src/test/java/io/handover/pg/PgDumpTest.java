package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Endpoint;
import io.handover.model.Secret;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the pretended programs are shell scripts")
class PgDumpTest {

    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final NamedThreads threads = new NamedThreads(uncaught::set);

    @TempDir
    private Path folder;

    @Test
    void theLowestSufficientVersionIsChosen() throws Exception {
        var dump = new PgDump(
                List.of(
                        pretend("a", "echo 'pg_dump (PostgreSQL) 18.1'"),
                        pretend("b", "echo 'pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'"),
                        pretend("c", "echo 'pg_dump (PostgreSQL) 17beta2'"),
                        pretend("d", "echo 'pg_dump (PostgreSQL) 15.2'")),
                threads);

        assertEquals(found("b", 15, "15.18"), dump.find(13));
        assertEquals(found("b", 15, "15.18"), dump.find(15));
        assertEquals(found("c", 17, "17beta2"), dump.find(16));
        var tooOld = assertInstanceOf(PgDumpSearch.TooOld.class, dump.find(19));
        assertEquals(19, tooOld.needed());
        assertEquals(4, tooOld.found().size());
    }

    @Test
    void whatDoesNotAnswerIsNotThere() throws Exception {
        var dump = new PgDump(
                List.of(
                        pretend("broken", "exit 1"),
                        pretend("other", "echo 'something else'"),
                        folder.resolve("no such folder")),
                threads);

        assertEquals(new PgDumpSearch.Missing(15), dump.find(15));
    }

    @Test
    void eachProgramIsAskedOnce() throws Exception {
        var count = folder.resolve("count");
        var dump = new PgDump(
                List.of(pretend("a", "echo asked >> '" + count + "'; echo 'pg_dump (PostgreSQL) 15.1'")), threads);

        dump.find(15);
        dump.find(13);

        assertEquals(1, Files.readAllLines(count).size());
    }

    @Test
    void aHostileDatabaseIsDumpedAndThePasswordIsInNoArgument() throws Exception {
        var server = PgServer.major("15");
        var database = server.newHostileDatabase();
        try (var db = server.open(database);
                var sql = db.createStatement()) {
            sql.execute(
                    "create table public.here (id int); create schema handover; create table handover.fence (id int)");
        }
        var endpoint = server.endpoint(database);
        var real = assertInstanceOf(
                PgDumpSearch.Found.class, PgDump.installed(threads).find(15));
        var arguments = folder.resolve("arguments");
        var spy = pretend("spy", "printf '%s\\n' \"$@\" > '" + arguments + "'; exec '" + real.path() + "' \"$@\"");
        var dump = new PgDump(List.of(spy), threads);

        String text = dump.schema(
                new PgDumpSearch.Found(spy.resolve("pg_dump"), 15, "15"),
                endpoint,
                new PgDumpOptions(false, false),
                new Gate());

        assertTrue(text.contains("CREATE TABLE \"public\".\"here\""));
        assertFalse(text.contains("handover"), "Handover's own schema stays out");
        assertFalse(Files.readString(arguments).contains(endpoint.password().reveal()));
    }

    @Test
    void aFailureSaysWhatPgDumpSaidWithoutThePassword() throws Exception {
        var server = PgServer.major("15");
        var right = server.endpoint("postgres");
        var wrong = new Endpoint(right.profile(), Secret.of("guess-me"));
        var dump = PgDump.installed(threads);
        var tool = assertInstanceOf(PgDumpSearch.Found.class, dump.find(15));

        var refused = assertThrows(
                PgDumpFailure.class, () -> dump.schema(tool, wrong, new PgDumpOptions(false, false), new Gate()));
        assertTrue(refused.getMessage().contains("password authentication failed"), refused.getMessage());

        var echo = pretend("echo", "echo \"pg_dump: error: $PGPASSWORD\" >&2; exit 1");
        var leaked = assertThrows(
                PgDumpFailure.class,
                () -> dump.schema(
                        new PgDumpSearch.Found(echo.resolve("pg_dump"), 15, "15"),
                        wrong,
                        new PgDumpOptions(false, false),
                        new Gate()));
        assertFalse(leaked.getMessage().contains("guess-me"), leaked.getMessage());
    }

    @Test
    void stopEndsTheDumpOnTheServerToo() throws Exception {
        var server = PgServer.major("15");
        var database = server.newDatabase();
        var dump = PgDump.installed(threads);
        var tool = assertInstanceOf(PgDumpSearch.Found.class, dump.find(15));
        var gate = new Gate();
        var ended = new AtomicReference<Throwable>();
        try (var db = server.open(database);
                var watch = server.open(database);
                var sql = db.createStatement()) {
            sql.execute("create table public.t (id int)");
            db.setAutoCommit(false);
            sql.execute("lock table public.t in access exclusive mode");
            threads.start("dump", () -> {
                try {
                    dump.schema(tool, server.endpoint(database), new PgDumpOptions(false, false), gate);
                } catch (Exception e) {
                    ended.set(e);
                }
            });
            Eventually.await(Duration.ofSeconds(30), "pg_dump waits for the lock", () -> waiting(watch) == 1);

            gate.stop();

            assertInstanceOf(
                    StoppedException.class, Eventually.value(Duration.ofSeconds(30), "the dump has ended", ended));
            Eventually.await(Duration.ofSeconds(30), "its backend has ended", () -> waiting(watch) == 0);
        }
    }

    private static int waiting(java.sql.Connection watch) throws java.sql.SQLException {
        try (var query = watch.createStatement();
                var row = query.executeQuery("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'handover schema' and wait_event_type = 'Lock'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private PgDumpSearch.Found found(String name, int major, String version) {
        return new PgDumpSearch.Found(folder.resolve(name).resolve("pg_dump"), major, version);
    }

    private Path pretend(String name, String script) throws Exception {
        Path bin = Files.createDirectory(folder.resolve(name));
        Path program = Files.writeString(bin.resolve("pg_dump"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }
}
