package io.handover.pg.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/// `pg_dump` as a part of this program. Thread-safe; each run has a memory of its own, 64 MB at first.
public final class WasmPgDump {

    private static final String MODULE = "PgDumpModule";

    private static final AtomicReference<@Nullable Optional<WasmPgDump>> FOUND = new AtomicReference<>();

    private final Constructor<? extends Machine> machine;
    private final String version;
    private @Nullable WasmModule module;

    private WasmPgDump(Constructor<? extends Machine> machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /// The one the build has put in; empty if it had no means to. Looks once.
    public static Optional<WasmPgDump> find() {
        Optional<WasmPgDump> known = FOUND.get();
        if (known == null) {
            known = load();
            FOUND.set(known);
        }
        return known;
    }

    private static Optional<WasmPgDump> load() {
        try (InputStream about = WasmPgDump.class.getResourceAsStream("pg_dump.properties");
                InputStream meta = WasmPgDump.class.getResourceAsStream(MODULE + ".meta")) {
            if (about == null || meta == null) {
                return Optional.empty();
            }
            var properties = new Properties();
            properties.load(about);
            // By name, because a build without npm has no such class
            var machine = Class.forName(WasmPgDump.class.getPackageName() + "." + MODULE + "Machine")
                    .asSubclass(Machine.class)
                    .getConstructor(Instance.class);
            return Optional.of(new WasmPgDump(machine, properties.getProperty("version", "")));
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException("the built-in pg_dump is there in part only", e);
        }
    }

    /// Read when it is run for the first time: most computers have a program, which is preferred.
    private synchronized WasmModule module() throws IOException {
        WasmModule read = module;
        if (read == null) {
            try (InputStream meta = WasmPgDump.class.getResourceAsStream(MODULE + ".meta")) {
                read = Parser.parse(Objects.requireNonNull(meta, "found before"));
            }
            module = read;
        }
        return read;
    }

    /// Its version, for example `18.3`.
    public String version() {
        return version;
    }

    /// The first number of its version.
    public int major() {
        return Integer.parseInt(version.replaceFirst("\\D.*", ""));
    }

    /// Runs it to its end, on this thread. Interrupting the thread ends it too, and so does a `Wire` that throws.
    ///
    /// @param arguments   without the program's name
    /// @param environment all variables it will see
    /// @param wire        carries what it says to the server, from the first byte of the protocol's start on
    /// @param output      its standard output
    /// @param messages    its standard error
    /// @return its exit status
    /// @throws IOException if one of the streams or the wire failed
    public int run(
            List<String> arguments,
            Map<String, String> environment,
            Wire wire,
            OutputStream output,
            OutputStream messages)
            throws IOException {
        WasmModule module = module();
        var world = new World(module, new Descriptors(environment, output, messages), wire);
        Instance instance = Instance.builder(module)
                .withImportValues(world.imports())
                .withMachineFactory(this::machine)
                .withStart(false)
                .build();
        try {
            return run(instance, world, arguments);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static int run(Instance instance, World world, List<String> arguments) {
        world.begin(instance);
        instance.export("__wasm_apply_data_relocs").apply();
        instance.export("__wasm_call_ctors").apply();
        world.connect();
        var words = new ArrayList<String>(List.of("pg_dump"));
        words.addAll(arguments);
        int status;
        try {
            status = (int) instance.export("__main_argc_argv").apply(words.size(), world.vector(words))[0];
        } catch (World.Exit e) {
            status = e.status();
        }
        instance.export("fflush").apply(0);
        return status;
    }

    private Machine machine(Instance instance) {
        try {
            return machine.newInstance(instance);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the built-in pg_dump cannot be set up", e);
        }
    }
}
