package io.handover.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads connection URIs into libpq's keywords.
///
/// A well-formed URI is read as libpq reads it. An `@` in the password that nobody escaped is forgiven: the last one
/// before the host parts them.
final class ConnectionUri {

    private static final List<String> SCHEMES = List.of("postgresql://", "postgres://", "jdbc:postgresql://");

    private ConnectionUri() {}

    /// What stands behind the scheme; empty if `text` is no URI of PostgreSQL.
    static Optional<String> withoutScheme(String text) {
        return SCHEMES.stream()
                .filter(scheme -> text.regionMatches(true, 0, scheme, 0, scheme.length()))
                .findFirst()
                .map(scheme -> text.substring(scheme.length()));
    }

    /// Reads what stands behind the scheme.
    ///
    /// @throws IllegalArgumentException if it cannot be understood, in words for people and without the password
    static Map<String, String> parse(String rest) {
        int query = rest.indexOf('?');
        String before = query < 0 ? rest : rest.substring(0, query);
        // A password may hold ? and / unescaped if an @ still follows
        int at = before.lastIndexOf('@');
        if (at < 0
                && query >= 0
                && rest.indexOf('@', query) >= 0
                && !rest.substring(0, query).contains("/")) {
            at = rest.lastIndexOf('@');
            query = rest.indexOf('?', at);
            before = query < 0 ? rest : rest.substring(0, query);
        }
        var words = new LinkedHashMap<String, String>();
        if (at >= 0) {
            userInfo(before.substring(0, at), words);
        }
        String place = before.substring(at + 1);
        int slash = place.indexOf('/');
        hostAndPort(slash < 0 ? place : place.substring(0, slash), words);
        if (slash >= 0 && slash + 1 < place.length()) {
            words.put("dbname", decoded(place.substring(slash + 1)));
        }
        if (query >= 0) {
            parameters(rest.substring(query + 1), words);
        }
        return words;
    }

    private static void userInfo(String info, Map<String, String> words) {
        int colon = info.indexOf(':');
        words.put("user", decoded(colon < 0 ? info : info.substring(0, colon)));
        if (colon >= 0) {
            words.put("password", decoded(info.substring(colon + 1)));
        }
    }

    private static void hostAndPort(String text, Map<String, String> words) {
        if (text.contains(",")) {
            words.put("host", text);
            return;
        }
        int colon = text.lastIndexOf(':');
        String host = text;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                throw new IllegalArgumentException("the address in brackets has no end");
            }
            host = text.substring(1, close);
            colon = text.indexOf(':', close);
        } else if (colon >= 0) {
            host = text.substring(0, colon);
        }
        if (!host.isEmpty()) {
            words.put("host", decoded(host));
        }
        if (colon >= 0 && colon + 1 < text.length()) {
            words.put("port", decoded(text.substring(colon + 1)));
        }
    }

    /// The refusal names no part: a piece of a password stands here if its `?` or `&` was not escaped.
    private static void parameters(String text, Map<String, String> words) {
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "a parameter behind the ? has no value; in a password, write %3F for ?,"
                                + " %26 for & and %40 for @");
            }
            words.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
        }
    }

    /// Percent-escapes are UTF-8; a plus is a plus.
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '%') {
                int value = i + 2 < text.length() ? hex(text.charAt(i + 1)) * 16 + hex(text.charAt(i + 2)) : -1;
                if (value <= 0) {
                    throw new IllegalArgumentException("a % that is no escape: write %25 for a percent sign");
                }
                bytes.write(value);
                i += 3;
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the escapes are not UTF-8", e);
        }
    }

    /// Far below 0 for anything but a hexadecimal digit, so that no sum with it is a byte.
    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        return digit < 0 ? -1000 : digit;
    }
}
