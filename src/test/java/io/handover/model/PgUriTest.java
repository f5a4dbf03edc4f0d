package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgUriTest {

    @Test
    void everyPartIsReadAndUnescaped() {
        Endpoint e = PgUri.parse("postgres://us%40er:p%2Fw+%3A@db.example:5433/my%20d%C3%A4ta?sslmode=verify-full"
                + "&application_name=x&sslrootcert=%2Fetc%2Fca.pem");
        assertEquals("us@er", e.profile().user());
        assertEquals("p/w+:", e.password().reveal());
        assertEquals("db.example", e.profile().host());
        assertEquals(5433, e.profile().port());
        assertEquals("my däta", e.profile().database());
        assertEquals(TlsMode.VERIFY_FULL, e.profile().tls());
        assertEquals("/etc/ca.pem", e.profile().rootCertificate());
    }

    @Test
    void whatIsLeftOutHasLibpqsDefaults() {
        Endpoint e = PgUri.parse("postgresql://u@");
        assertEquals("localhost:5432/u", e.profile().address());
        assertTrue(e.password().isNone());
        assertEquals(TlsMode.PREFER, e.profile().tls());
    }

    @Test
    void anAddressInBracketsIsAnAddress() {
        Endpoint e = PgUri.parse("postgresql://u@[2001:db8::1]:6000/d");
        assertEquals("2001:db8::1", e.profile().host());
        assertEquals(6000, e.profile().port());
        assertEquals("[2001:db8::1]:6000/d", e.profile().address());
    }

    @Test
    void parametersWinOverTheAuthority() {
        Endpoint e = PgUri.parse("postgresql:///d?host=h&port=7&user=u&password=s");
        assertEquals("h:7/d", e.profile().address());
        assertEquals("s", e.password().reveal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=x secret",
                "postgresql://u:secret@h:port/d",
                "postgresql://u:secret%@h/d",
                "postgresql://u:secret@h/d?sslmode=maybe",
                "postgresql://u:secret@h1:1,h2:2/d",
                "postgresql://:secret@h/d",
                "postgresql://u:secret@[::1/d",
                "postgresql://u:secret@h:70000/d",
                "postgresql://u:a/@?secret@h/d",
                "postgresql://u:a@b?secret@h/d",
                "postgresql://u:a@b?secret=x@h/d",
                "postgresql://u:secret/?x@h/d",
                "postgresql://u:/secret?x@h/d",
                "postgresql://h/d?user=u&password=a&secret",
                "postgresql://h/d?user=u&password=a&secret=b"
            })
    void rubbishIsRefusedWithoutQuotingThePassword(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> PgUri.parse(text));
        assertFalse(String.valueOf(e.getMessage()).contains("secret"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslmod=verify-full", "SSLMODE=verify-full", "schema=app", "sslrootcert_=x"})
    void aMisspelledParameterIsRefused(String parameter) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> PgUri.parse("postgresql://u@h/d?" + parameter), parameter);
        assertTrue(String.valueOf(e.getMessage()).contains("misspelled"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "options=endpoint%3Dother",
                "service=production",
                "channel_binding=require",
                "gssencmode=require",
                "sslcert=/etc/me.crt"
            })
    void whatWouldTalkToAnotherServerOrLessSafelyIsRefusedByName(String parameter) {
        var e = assertThrows(IllegalArgumentException.class, () -> PgUri.parse("postgresql://u@h/d?" + parameter));
        String name = parameter.substring(0, parameter.indexOf('='));
        assertTrue(String.valueOf(e.getMessage()).contains(name), e.getMessage());
    }

    @Test
    void whatChangesNothingIsPassedOver() {
        assertEquals(
                "h:5432/d",
                PgUri.parse("postgresql://u@h/d?connect_timeout=5&gssencmode=disable&channel_binding=prefer"
                                + "&keepalives_idle=9")
                        .profile()
                        .address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://u@%2Ftmp/d", "postgresql://u@/d?host=/var/run/postgresql"})
    void aSocketFolderIsRefusedInWords(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> PgUri.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("TCP"), e.getMessage());
    }
}
