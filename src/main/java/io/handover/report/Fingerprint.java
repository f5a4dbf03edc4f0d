package io.handover.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The SHA-256 of a report, so that a copy can be told from one that was changed.
///
/// It is made of the report's canonical JSON in UTF-8: without the member `fingerprint`, the names of every object in
/// the order of their characters, no space or line break between tokens. So it does not depend on how the file was
/// indented or transferred. Whoever changes a report can make a new fingerprint as well: keep it somewhere else, for
/// example in the ticket.
public final class Fingerprint {

    private static final String NAME = "fingerprint";

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // every digit as it stands
            .build();

    private Fingerprint() {}

    /// In hexadecimal, of a report's JSON with or without its fingerprint.
    public static String of(String json) {
        String text = CANONICAL.writeValueAsString(sorted(CANONICAL.readTree(json)));
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// True if `json` is a report that nobody has changed since its fingerprint was made.
    public static boolean matches(String json) {
        return Objects.equals(CANONICAL.readTree(json).path(NAME).asString(""), of(json));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode report) {
            report.remove(NAME); // of the report itself only: nothing below has a member of this name removed
        }
        return ordered(node);
    }

    private static JsonNode ordered(JsonNode node) {
        if (node.isArray()) {
            var array = CANONICAL.createArrayNode();
            node.forEach(element -> array.add(ordered(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        var members = new TreeMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            members.put(member.getKey(), ordered(member.getValue()));
        }
        var object = CANONICAL.createObjectNode();
        members.forEach(object::set);
        return object;
    }
}
