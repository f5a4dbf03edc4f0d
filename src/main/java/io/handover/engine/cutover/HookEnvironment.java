package io.handover.engine.cutover;

import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a hook finds in its environment: both databases, and who hands over to whom. The only place where a
/// password leaves Handover for another program, as the user asked for by writing a hook.
///
/// @param variables name to value
/// @param secrets   what must not show in the hook's output
public record HookEnvironment(Map<String, String> variables, List<Secret> secrets) {

    /// Copies both.
    public HookEnvironment {
        variables = Map.copyOf(variables);
        secrets = List.copyOf(secrets);
    }

    /// For a cutover from `from`.
    ///
    /// @param owner who owns the data when the hook runs: `DATABASE_URL` and the `PG…` variables point there
    public static HookEnvironment of(MigrationId id, Endpoint source, Endpoint target, Side from, Side owner) {
        Endpoint owning = owner == Side.SOURCE ? source : target;
        Profile profile = owning.profile();
        return new HookEnvironment(
                Map.ofEntries(
                        Map.entry("DATABASE_URL", url(owning)),
                        Map.entry("HANDOVER_SOURCE_URL", url(source)),
                        Map.entry("HANDOVER_TARGET_URL", url(target)),
                        Map.entry("HANDOVER_FROM", from.word()),
                        Map.entry("HANDOVER_TO", from.other().word()),
                        Map.entry("HANDOVER_MIGRATION", id.value()),
                        Map.entry("PGHOST", profile.host()),
                        Map.entry("PGPORT", Integer.toString(profile.port())),
                        Map.entry("PGDATABASE", profile.database()),
                        Map.entry("PGUSER", profile.user()),
                        Map.entry("PGPASSWORD", owning.password().reveal()),
                        Map.entry("PGSSLMODE", profile.tls().word())),
                List.of(source.password(), target.password()));
    }

    /// `text` without any of the secrets, as they are or as they stand in a URL.
    String masked(String text) {
        String result = text;
        for (String secret : forms()) {
            result = result.replace(secret, Secret.of(secret).toString());
        }
        return result;
    }

    /// The length of the longest form a secret can have in an output.
    int longestSecret() {
        return forms().stream().mapToInt(String::length).max().orElse(0);
    }

    /// Longest first, because one may contain another.
    private List<String> forms() {
        return secrets.stream()
                .filter(secret -> !secret.isNone())
                .flatMap(secret -> Stream.of(encoded(secret.reveal()), secret.reveal()))
                .distinct()
                .sorted((a, b) -> b.length() - a.length())
                .toList();
    }

    private static String url(Endpoint endpoint) {
        Profile profile = endpoint.profile();
        String password = endpoint.password().isNone()
                ? ""
                : ":" + encoded(endpoint.password().reveal());
        String host = profile.host().contains(":") ? "[" + profile.host() + "]" : encoded(profile.host());
        return "postgresql://" + encoded(profile.user()) + password + "@" + host + ":" + profile.port() + "/"
                + encoded(profile.database()) + "?sslmode=" + profile.tls().word();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
