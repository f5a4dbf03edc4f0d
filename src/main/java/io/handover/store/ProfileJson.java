package io.handover.store;

import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The format of profile files, written by hand so that nothing gets in that does not belong there.
final class ProfileJson {

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ProfileJson() {}

    /// What a file held.
    ///
    /// @param profiles those that could be read
    /// @param errors   one line for each that could not
    record Read(List<Profile> profiles, List<String> errors) {}

    static byte[] write(List<Profile> profiles) {
        var root = MAPPER.createObjectNode().put("version", VERSION);
        var list = root.putArray("profiles");
        for (Profile profile : profiles) {
            list.addObject()
                    .put("name", profile.name())
                    .put("host", profile.host())
                    .put("port", profile.port())
                    .put("database", profile.database())
                    .put("user", profile.user())
                    .put("tls", profile.tls().word())
                    .put("rootCertificate", profile.rootCertificate())
                    .put("environment", profile.environment().name().toLowerCase(Locale.ROOT));
        }
        return MAPPER.writeValueAsBytes(root);
    }

    /// Fields nobody knows are passed over: a newer Handover may have written them.
    ///
    /// @throws IOException if it is no profile file at all
    static Read read(byte[] json) throws IOException {
        JsonNode list;
        try {
            list = MAPPER.readTree(json).path("profiles");
        } catch (JacksonException e) {
            throw new IOException("This is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!list.isArray()) {
            throw new IOException("This is no file with profiles: there is no list named \"profiles\" in it.");
        }
        var profiles = new ArrayList<Profile>();
        var errors = new ArrayList<String>();
        for (JsonNode node : list) {
            try {
                profiles.add(profile(node));
            } catch (IllegalArgumentException e) {
                errors.add("Profile " + (profiles.size() + errors.size() + 1) + ": " + e.getMessage());
            }
        }
        return new Read(profiles, errors);
    }

    private static Profile profile(JsonNode node) {
        return new Profile(
                text(node, "name"),
                text(node, "host"),
                node.path("port").asInt(5432),
                text(node, "database"),
                text(node, "user"),
                node.has("tls") ? TlsMode.of(text(node, "tls")) : TlsMode.PREFER,
                text(node, "rootCertificate"),
                environment(text(node, "environment")));
    }

    private static Environment environment(String word) {
        if (word.isEmpty()) {
            return Environment.UNTAGGED;
        }
        return Arrays.stream(Environment.values())
                .filter(e -> e.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no environment '" + word + "'"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
