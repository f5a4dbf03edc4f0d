package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.model.Secret;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoServerTest {

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "16", "17", "18"})
    void everyVersionComesUpReadyForLogicalReplication(String major) throws Exception {
        var server = PgServer.major(major);
        try (var db = server.open(server.newDatabase())) {
            assertEquals(major, value(db, "select current_setting('server_version_num')::int / 10000"));
            assertEquals("logical", value(db, "show wal_level"));
            assertEquals("on", value(db, "show synchronous_commit"));
            assertEquals("20", value(db, "show max_replication_slots"));
            assertEquals("UTF8", value(db, "show server_encoding"));
            assertTrue(value(db, "select rolpassword from pg_authid where rolname = 'postgres'")
                    .startsWith("SCRAM-SHA-256$"));
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        var right = PgServer.major("15").endpoint("postgres");
        var wrong = new Endpoint(right.profile(), Secret.of("guess"));

        var refused = assertThrows(SQLException.class, () -> Login.open(wrong, "test"));

        assertEquals("28P01", refused.getSQLState());
    }

    @Test
    void aDatabaseOfAnyNameCanBeOpenedAndDropped() throws Exception {
        var server = PgServer.major("15");
        var database = server.newHostileDatabase();
        try (var db = server.open(database)) {
            assertEquals(database, value(db, "select current_database()"));
            db.createStatement().execute("select pg_create_logical_replication_slot('left_over', 'pgoutput')");
        }

        server.drop(database);

        try (var db = server.open("postgres")) {
            assertEquals("0", value(db, "select count(*) from pg_replication_slots where slot_name = 'left_over'"));
        }
    }

    @Test
    void whatWasCommittedSurvivesACrashAndAStop() throws Exception {
        try (var server = PgServer.dedicated("15")) {
            int port = server.port();
            var doomed = server.open("postgres");
            try (var sql = doomed.createStatement()) {
                sql.execute("create table kept (id int)");
                sql.execute("insert into kept values (1)");
            }
            server.crash();
            assertThrows(SQLException.class, () -> value(doomed, "select 1"));
            doomed.close();

            server.restart();
            assertEquals(port, server.port());
            try (var db = server.open("postgres")) {
                db.createStatement().execute("insert into kept values (2)");
            }
            server.stop();
            assertThrows(SQLException.class, () -> server.open("postgres").close());

            server.restart();
            try (var db = server.open("postgres")) {
                assertEquals("2", value(db, "select count(*) from kept"));
            }
        }
    }

    @Test
    void settingsCanBeGivenAndChangedLater() throws Exception {
        try (var server = PgServer.dedicated("18", Map.of("wal_level", "replica"))) {
            try (var db = server.open("postgres")) {
                assertEquals("replica", value(db, "show wal_level"));
                db.createStatement().execute("alter system set wal_level = 'logical'");
            }
            server.restart();
            try (var db = server.open("postgres")) {
                assertEquals("logical", value(db, "show wal_level"));
            }
        }
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        var server = PgServer.dedicated("15");
        var log = server.log();
        assertTrue(Files.exists(log));

        server.close();

        assertFalse(Files.exists(log.getParent()));
        assertThrows(SQLException.class, () -> server.open("postgres").close());
    }

    private static String value(Connection db, String query) throws SQLException {
        try (var sql = db.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
