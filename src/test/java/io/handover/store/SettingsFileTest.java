package io.handover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    @TempDir
    Path folder;

    @Test
    void whatWasSetIsThereAfterARestart() {
        var file = folder.resolve("settings.json");
        new SettingsFile(file)
                .change(s -> s.with(Settings.Look.DARK).with("a", "b").with(1200, 800));

        assertEquals(new Settings(Settings.Look.DARK, "a", "b", 1200, 800), new SettingsFile(file).get());
    }

    @Test
    void unknownThingsAndMissingOnesAreTolerated() throws IOException {
        var file = Files.writeString(folder.resolve("settings.json"), "{\"look\": \"NEON\", \"new\": [1]}");

        assertEquals(Settings.defaults(), new SettingsFile(file).get());
    }

    @Test
    void aBrokenFileIsKeptAsideAndTheDefaultsTaken() throws IOException {
        var file = Files.writeString(folder.resolve("settings.json"), "{\"look\"");

        assertEquals(Settings.defaults(), new SettingsFile(file).get());
        assertTrue(Files.exists(folder.resolve("settings.json.broken-1")));
    }

    @Test
    void servicesAreReadAsPsqlReadsThem() throws IOException {
        var file = Files.writeString(folder.resolve("pg_service.conf"), """
                # ours
                [orders]
                host = db.example.com
                port=6543
                dbname=orders
                sslmode=require

                [wrong]
                port=many
                """);

        var services = PgServices.of(Map.of("PGSERVICEFILE", file.toString()), "Linux", folder)
                .all();

        assertEquals(List.of("orders"), List.copyOf(services.keySet()));
        assertEquals("db.example.com", services.get("orders").host());
        assertEquals(6543, services.get("orders").port());
        assertEquals(Optional.of(TlsMode.REQUIRE), services.get("orders").tls());
    }
}
