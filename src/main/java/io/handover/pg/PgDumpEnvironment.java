package io.handover.pg;

import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The environment in which `pg_dump` finds the server, by the same rules as Handover's own connections.
final class PgDumpEnvironment implements AutoCloseable {

    /// Of the user's own libpq settings only these stay: the others could lead to another server.
    private static final Set<String> KEPT =
            Set.of("PGPASSFILE", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGKRBSRVNAME", "PGSYSCONFDIR");

    private final Endpoint source;
    private final String application;
    private final String settings;
    private final Optional<Path> authorities;

    /// Prepares a file with the certificate authorities of this Java where the profile names none: up to
    /// 15, libpq cannot be told to use the system's.
    ///
    /// @param application the `application_name` of its sessions
    /// @param settings    further ones of theirs, as in `PGOPTIONS`, each behind a space
    PgDumpEnvironment(Endpoint source, String application, String settings) throws IOException {
        this.source = source;
        this.settings = settings;
        this.application = application;
        Profile profile = source.profile();
        boolean verifies = profile.tls() == TlsMode.VERIFY_CA || profile.tls() == TlsMode.VERIFY_FULL;
        if (verifies && profile.rootCertificate().isEmpty()) {
            Path file = Files.createTempFile("handover", ".pem");
            Files.writeString(file, TrustedAuthorities.pem());
            authorities = Optional.of(file);
        } else {
            authorities = Optional.empty();
        }
    }

    /// Sets up the child's environment.
    void apply(Map<String, String> environment) {
        clear(environment);
        Profile profile = source.profile();
        environment.put("PGHOST", profile.host());
        environment.put("PGPORT", Integer.toString(profile.port()));
        environment.put("PGDATABASE", profile.database());
        environment.put("PGUSER", profile.user());
        environment.put("PGSSLMODE", profile.tls().word());
        environment.put("PGCONNECT_TIMEOUT", "10");
        environment.put("PGAPPNAME", application);
        environment.put("PGOPTIONS", "-c standard_conforming_strings=on" + settings);
        if (!source.password().isNone()) {
            environment.put("PGPASSWORD", source.password().reveal());
        }
        if (!profile.rootCertificate().isEmpty()) {
            environment.put("PGSSLROOTCERT", profile.rootCertificate());
        }
        authorities.ifPresent(file -> environment.put("PGSSLROOTCERT", file.toString()));
    }

    /// Has the child come in at `door`, which leads to the server. It still knows the server's name, by which
    /// certificates are looked at.
    static void through(InetSocketAddress door, Map<String, String> environment) {
        environment.put("PGHOSTADDR", door.getAddress().getHostAddress());
        environment.put("PGPORT", Integer.toString(door.getPort()));
    }

    /// Takes out what leads to a server, and has the program speak English.
    static void clear(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("PG") && !KEPT.contains(name));
        environment.put("LC_MESSAGES", "C");
        environment.remove("LC_ALL");
        environment.remove("LANGUAGE");
    }

    @Override
    public void close() throws IOException {
        if (authorities.isPresent()) {
            Files.deleteIfExists(authorities.get());
        }
    }
}
