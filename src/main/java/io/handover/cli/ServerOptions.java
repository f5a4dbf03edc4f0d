package io.handover.cli;

import io.handover.model.Endpoint;
import io.handover.model.PgUri;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.store.PgPass;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The two servers on the command line.
final class ServerOptions {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "URI",
            description = "postgresql://user@host:port/database, or env:NAME for a variable that holds it")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(names = "--target", required = true, paramLabel = "URI", description = "the same for the target")
    @SuppressWarnings("NullAway.Init")
    private String target;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    boolean json() {
        return json;
    }

    /// The endpoint of `side`: its password from the URI, else from HANDOVER_SOURCE_PASSWORD or
    /// HANDOVER_TARGET_PASSWORD, else PGPASSWORD, else `.pgpass`, else a prompt where there is a terminal.
    Endpoint endpoint(Side side, Map<String, String> environment, Prompt prompt) {
        String option = side == Side.SOURCE ? source : target;
        String text = text(option, environment);
        Endpoint endpoint;
        try {
            endpoint = PgUri.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + side.word() + ": " + e.getMessage(), e);
        }
        warnOfVisible(side, text.equals(option) && !endpoint.password().isNone());
        var profile = endpoint.profile().named(side.word());
        return new Endpoint(profile, password(side, new Endpoint(profile, endpoint.password()), environment, prompt));
    }

    /// The start scripts for Linux hide it before Java starts; Java cannot.
    private void warnOfVisible(Side side, boolean visible) {
        if (visible) {
            spec.commandLine()
                    .getErr()
                    .println("--" + side.word()
                            + ": everybody on this computer can read the password in the process list"
                            + " while this runs. Put it, or the whole URI, into the environment: HANDOVER_"
                            + side.name() + "_PASSWORD, or --" + side.word() + " env:NAME.");
        }
    }

    private String text(String option, Map<String, String> environment) {
        if (!option.startsWith("env:")) {
            return option;
        }
        String name = option.substring(4);
        String value = environment.get(name);
        if (value == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    name.isEmpty()
                            ? "behind env: the variable's name is missing"
                            : "the environment has no variable " + name);
        }
        return value;
    }

    private Secret password(Side side, Endpoint endpoint, Map<String, String> environment, Prompt prompt) {
        if (!endpoint.password().isNone()) {
            return endpoint.password();
        }
        String own = environment.get(side == Side.SOURCE ? "HANDOVER_SOURCE_PASSWORD" : "HANDOVER_TARGET_PASSWORD");
        if (own != null) {
            return Secret.of(own);
        }
        String common = environment.get("PGPASSWORD");
        if (common != null) {
            return Secret.of(common);
        }
        var stored = PgPass.of(environment, System.getProperty("os.name"), Path.of(System.getProperty("user.home")))
                .find(endpoint.profile());
        if (stored instanceof PgPass.Lookup.Found(var password)) {
            return password;
        }
        if (stored instanceof PgPass.Lookup.Refused(var reason)) {
            throw new ParameterException(spec.commandLine(), reason);
        }
        return prompt.password("Password of " + endpoint.profile().user() + " on the " + side.word() + ": ");
    }
}
