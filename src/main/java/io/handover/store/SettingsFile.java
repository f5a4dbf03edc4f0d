package io.handover.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The settings on disk. They are a convenience: what cannot be read or written is logged, kept aside, and never
/// stops anybody. Any thread.
public final class SettingsFile {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(tools.jackson.databind.cfg.EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    private final Path file;
    private Settings settings;

    /// Reads `file`, which need not exist.
    public SettingsFile(Path file) {
        this.file = file;
        this.settings = Files.exists(file) ? read() : Settings.defaults();
    }

    /// As they are now.
    public synchronized Settings get() {
        return settings;
    }

    /// Changes and writes them.
    public synchronized void change(UnaryOperator<Settings> change) {
        var next = change.apply(settings);
        if (next.equals(settings)) {
            return;
        }
        settings = next;
        try {
            PrivateFile.write(file, MAPPER.writeValueAsBytes(next));
        } catch (IOException e) {
            LOG.warn("The settings are not saved", e);
        }
    }

    private Settings read() {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), Settings.class);
        } catch (IOException | JacksonException e) {
            LOG.warn("The settings cannot be read, the defaults are taken: {}", e.getMessage());
            try {
                PrivateFile.keepAside(file);
            } catch (IOException again) {
                LOG.warn("Nor copied aside", again);
            }
            return Settings.defaults();
        }
    }
}
