package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTextTest {

    @Test
    void everyPartIsRead() {
        assertEquals(
                new ConnectionText(
                        "db.example.com",
                        6543,
                        "orders",
                        "ada",
                        Secret.of("s3cret"),
                        Optional.of(TlsMode.VERIFY_FULL),
                        "/etc/ca.pem",
                        List.of("connect_timeout", "application_name")),
                ConnectionText.parse(" postgresql://ada:s3cret@db.example.com:6543/orders"
                        + "?sslmode=verify-full&connect_timeout=5&sslrootcert=/etc/ca.pem&application_name=x\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://h, h, 0, '', '', ''",
        "postgres://h/d, h, 0, d, '', ''",
        "POSTGRESQL://h:1/d, h, 1, d, '', ''",
        "postgresql:///d, '', 0, d, '', ''",
        "postgresql://u@h, h, 0, '', u, ''",
        "postgresql://u:@h/, h, 0, '', u, ''",
        "postgresql://[2001:db8::1]:5433/d, 2001:db8::1, 5433, d, '', ''",
        "postgresql://u%40x:p%3A%2F%25@h/d%20b, h, 0, d b, u@x, p:/%",
        "postgresql://u:p%C3%A4+@h/d, h, 0, d, u, pä+",
        "postgresql://u:p@ss@h/d, h, 0, d, u, p@ss",
        "postgresql:///d?host=h&port=5&user=u&password=p%26q, h, 5, d, u, p&q",
        "postgresql://a@h/d?user=b&dbname=e, h, 0, e, b, ''",
        "jdbc:postgresql://h:5/d?user=u&password=p, h, 5, d, u, p",
        "host=h port=5 dbname='d b' user=u password='p''x', h, 5, d b, u, p",
    })
    void whatPeoplePaste(String text, String host, int port, String database, String user, String password) {
        var address = ConnectionText.parse(text.replace("p''x'", "p'"));

        assertEquals(host, address.host());
        assertEquals(port, address.port());
        assertEquals(database, address.database());
        assertEquals(user, address.user());
        assertEquals(Secret.of(password), address.password());
    }

    @ParameterizedTest
    @CsvSource({"sslmode=require, REQUIRE", "sslmode=allow, PREFER", "ssl=true, VERIFY_FULL", "requiressl=1, REQUIRE"})
    void theTlsMode(String parameter, TlsMode mode) {
        assertEquals(
                Optional.of(mode),
                ConnectionText.parse("postgresql://h/d?" + parameter).tls());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://h:port/d",
                "postgresql://h:99999/d",
                "postgresql://a,b/d",
                "postgresql://h/d?sslmode=on",
                "postgresql://h/d?x",
                "postgresql://u:p%zz@h/d",
                "postgresql://u:p%+1@h/d",
                "postgresql://u:%ff@h/d",
                "postgresql://[::1/d",
                "hello",
                "host='h"
            })
    void whatCannotBeIsRefusedInWords(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> ConnectionText.parse(text));

        assertFalse(String.valueOf(e.getMessage()).isBlank());
    }

    @Test
    void aRefusalDoesNotRepeatThePassword() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> ConnectionText.parse("postgresql://u:geheim%zz@h/d?sslmode=on"));

        assertFalse(String.valueOf(e.getMessage()).contains("geheim"));
    }

    @Test
    void aFieldKnowsWhatWasPastedIntoIt() {
        assertTrue(ConnectionText.looksLikeOne("  postgres://h"));
        assertTrue(ConnectionText.looksLikeOne("host=h user=u"));
        assertFalse(ConnectionText.looksLikeOne("db.example.com"));
    }

    @Test
    void whatIsNotSaidIsAsInLibpq() {
        assertEquals(
                new Profile("n", "localhost", 5432, "ada", "ada", TlsMode.PREFER, "", Environment.TEST),
                ConnectionText.parse("postgresql://ada@").profile("n", Environment.TEST));
        assertThrows(
                IllegalArgumentException.class,
                () -> ConnectionText.parse("postgresql://h/d").profile("n", Environment.TEST));
    }
}
