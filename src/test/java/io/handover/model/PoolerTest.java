package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://boss@db.example:6543/shop",
                "postgresql://we%20ird%40@[::1]:6432/a%2Fb%20c?sslmode=verify-full&sslrootcert=%2Fca%20file"
            })
    void whatItReadsItWrites(String uri) {
        var pooler = Pooler.parse(uri, "usual");
        assertEquals(pooler, Pooler.parse(pooler.uri(), "other"));
        assertEquals("pgbouncer", pooler.console().database());
    }

    @Test
    void whatIsNotSaidIsUsual() {
        var pooler = Pooler.parse("postgresql://boss@db.example", "shop");
        assertEquals("shop", pooler.database());
        assertEquals(6432, pooler.console().port());
        assertEquals(
                "shop",
                Pooler.parse("postgresql://boss@db.example/pgbouncer", "shop").database());
    }

    @Test
    void aPasswordIsRefusedAndNotRepeated() {
        var refused = assertThrows(
                IllegalArgumentException.class, () -> Pooler.parse("postgresql://boss:geheim@db.example/shop", "shop"));
        assertFalse(String.valueOf(refused.getMessage()).contains("geheim"));
        assertThrows(IllegalArgumentException.class, () -> Pooler.parse("db.example:6432", "shop"));
    }
}
