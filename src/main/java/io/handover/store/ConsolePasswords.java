package io.handover.store;

import io.handover.model.PasswordLookup;
import io.handover.model.Profile;
import io.handover.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Passwords of the consoles of PgBouncers: the typed one, else `HANDOVER_PGBOUNCER_PASSWORD`, else the remembered
/// one, else `PGPASSWORD`, else the one in `.pgpass`, else what a person says when asked, once. Kept in memory only.
public final class ConsolePasswords implements PasswordLookup {

    private final Map<String, String> environment;
    private final Secrets secrets;
    private final PgPass pgPass;
    private final Map<Profile, Secret> said = new HashMap<>();
    private Optional<PasswordLookup> person = Optional.empty();

    ConsolePasswords(Map<String, String> environment, Secrets secrets, PgPass pgPass) {
        this.environment = Map.copyOf(environment);
        this.secrets = secrets;
        this.pgPass = pgPass;
    }

    /// Asks `lookup` from now on where nothing else is known.
    public synchronized void ask(PasswordLookup lookup) {
        person = Optional.of(lookup);
    }

    /// Remembers what was typed, as long as the program runs.
    public synchronized void typed(Profile console, Secret password) {
        said.put(console, password);
    }

    @Override
    public synchronized Secret of(Profile console) {
        Secret typed = said.get(console);
        if (typed != null) {
            return typed;
        }
        Optional<Secret> found = variable("HANDOVER_PGBOUNCER_PASSWORD")
                .or(() -> secrets.find(console))
                .or(() -> variable("PGPASSWORD"))
                .or(() -> pgPass.password(console));
        if (found.isPresent()) {
            return found.get();
        }
        if (person.isEmpty()) {
            return Secret.none();
        }
        Secret answer = person.get().of(console);
        said.put(console, answer); // also none: nobody is asked twice
        return answer;
    }

    private Optional<Secret> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(Secret::of);
    }
}
