package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import io.handover.pg.wasm.WasmPgDump;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postgresql.jdbcurlresolver.PgPassParser;

/// The `pg_dump` that is a part of Handover. Thread-safe.
final class BuiltInPgDump {

    /// With a folder as host libpq leaves connecting, and TLS with it, to us.
    private static final String FOLDER = "/handover";

    /// The server's login rules have no line for this user, database and address, at least not with TLS.
    private static final String NO_SUCH_LOGIN = "28000";

    private final WasmPgDump program;
    private final NamedThreads threads;

    private BuiltInPgDump(WasmPgDump program, NamedThreads threads) {
        this.program = program;
        this.threads = threads;
    }

    /// Empty if the build could not put it in.
    static Optional<BuiltInPgDump> find(NamedThreads threads) {
        return WasmPgDump.find().map(program -> new BuiltInPgDump(program, threads));
    }

    PgDumpSearch.BuiltIn found() {
        return new PgDumpSearch.BuiltIn(program.major(), program.version());
    }

    /// See `PgDump.schema`.
    String schema(Endpoint source, PgDumpOptions options, Gate gate)
            throws PgDumpFailure, StoppedException, InterruptedException {
        TlsMode mode = source.profile().tls();
        BuiltInPgDumpRun run = start(source, options, mode != TlsMode.DISABLE);
        run.await(gate);
        if (mode == TlsMode.PREFER && run.wasEncrypted() && run.refusal().equals(NO_SUCH_LOGIN)) {
            run = start(source, options, false); // as libpq and pgjdbc do
            run.await(gate);
        }
        return run.dump(said -> said.replace(
                "on socket \"" + FOLDER + "/.s.PGSQL." + source.profile().port() + "\"",
                "at \"" + source.profile().host() + "\", port "
                        + source.profile().port()));
    }

    private BuiltInPgDumpRun start(Endpoint source, PgDumpOptions options, boolean tls) throws PgDumpFailure {
        try {
            return new BuiltInPgDumpRun(
                    program,
                    threads,
                    connect(source, tls),
                    source.password(),
                    options.arguments(),
                    environment(source));
        } catch (IOException e) {
            throw new PgDumpFailure("pg_dump could not connect to the source: " + e.getMessage(), e);
        }
    }

    private static DumpWire connect(Endpoint source, boolean tls) throws IOException {
        try {
            return DumpWire.open(source, tls);
        } catch (IOException e) {
            if (!tls || source.profile().tls() != TlsMode.PREFER) {
                throw e;
            }
            try {
                return DumpWire.open(source, false);
            } catch (IOException plain) {
                plain.addSuppressed(e);
                throw plain;
            }
        }
    }

    /// It sees nothing of this process's own environment.
    private static Map<String, String> environment(Endpoint source) {
        Profile profile = source.profile();
        var environment = new LinkedHashMap<String, String>();
        environment.put("PGHOST", FOLDER);
        environment.put("PGPORT", Integer.toString(profile.port()));
        environment.put("PGDATABASE", profile.database());
        environment.put("PGUSER", profile.user());
        environment.put("PGAPPNAME", Server.APPLICATION + " schema");
        environment.put("PGOPTIONS", "-c standard_conforming_strings=on");
        environment.put("HOME", "/");
        String password = source.password().isNone()
                ? PgPassParser.getPassword(
                        profile.host(), Integer.toString(profile.port()), profile.database(), profile.user())
                : source.password().reveal();
        if (password != null) {
            environment.put("PGPASSWORD", password);
        }
        return environment;
    }
}
