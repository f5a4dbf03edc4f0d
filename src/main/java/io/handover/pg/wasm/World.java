package io.handover.pg.wasm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportGlobal;
import run.endive.runtime.ImportMemory;
import run.endive.runtime.ImportTable;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType;
import run.endive.wasm.types.Value;

/// What one run of `pg_dump` imports: memory, the table of its functions, and the calls that Emscripten would
/// answer in a browser.
final class World {

    /// Where the package's own JavaScript puts the data, and the stack with the heap behind it: fixed when the
    /// package was linked. Its memory is given in pages of 64 kB, up to 2 GB.
    private static final int DATA = 1_024;

    private static final int STACK = 301_584;
    private static final int FIRST_PAGES = 1_024;

    /// A function of the module calls the wire through its table, which takes functions of the module only. Two
    /// imports of the right shape that `pg_dump` has no other use for serve as the way out.
    private static final String READ = "__syscall_lstat64";

    private static final String WRITE = "__syscall_chmod";

    private static final long NO_SUCH_CALL = -52;

    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<Long, Integer> encodings = new HashMap<>();
    private final GlobalInstance stack = global(STACK, MutabilityType.Var);
    private final Memory memory;
    private final TableInstance table;
    private final WasmModule module;
    private @Nullable Instance instance;

    World(WasmModule module, Descriptors descriptors, Wire wire) {
        this.module = module;
        memory = new ByteArrayMemory(new MemoryLimits(FIRST_PAGES, SystemCalls.MOST_PAGES));
        table = new TableInstance(new Table(ValType.FuncRef, new TableLimits(231, 10_000)), -1);
        addControl();
        new SystemCalls(memory).addTo(calls);
        calls.put("pg_encoding_to_char", a -> encodings.computeIfAbsent(a[0], code -> text(encoding(code))));
        descriptors.addTo(calls, memory);
        calls.put(READ, a -> {
            byte[] bytes = new byte[(int) a[1]];
            int length = Math.max(0, wire.read(bytes)); // 0 is the end of a connection to C
            memory.write((int) a[0], bytes, 0, length);
            return length;
        });
        calls.put(WRITE, a -> {
            wire.write(memory.readBytes((int) a[0], (int) a[1]));
            return a[1];
        });
    }

    ImportValues imports() {
        var imports = ImportValues.builder()
                .addGlobal(
                        new ImportGlobal("env", "__stack_pointer", stack),
                        new ImportGlobal("env", "__memory_base", global(DATA, MutabilityType.Const)),
                        new ImportGlobal("env", "__table_base", global(1, MutabilityType.Const)),
                        new ImportGlobal("GOT.mem", "__heap_base", global(STACK, MutabilityType.Var)))
                .addMemory(new ImportMemory("env", "memory", memory))
                .addTable(new ImportTable("env", "__indirect_function_table", table));
        for (int i = 0; i < module.importSection().importCount(); i++) {
            if (module.importSection().getImport(i) instanceof FunctionImport function) {
                indexes.put(function.name(), indexes.size());
                imports.addFunction(host(function));
            }
        }
        return imports.build();
    }

    private static GlobalInstance global(int value, MutabilityType mutability) {
        return GlobalInstance.builder()
                .value(Value.i32(value))
                .mutabilityType(mutability)
                .build();
    }

    private HostFunction host(FunctionImport function) {
        FunctionType type = module.typeSection().getType(function.typeIndex());
        Call call = calls.getOrDefault(function.name(), _ -> NO_SUCH_CALL);
        long[] nothing = {};
        return new HostFunction(function.module(), function.name(), type, (_, arguments) -> {
            try {
                long result = call.apply(arguments);
                return type.returns().isEmpty() ? nothing : new long[] {result};
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        });
    }

    /// Names the instance all this was made for; before anything of it is called.
    void begin(Instance made) {
        instance = made;
    }

    /// Lets `pg_dump` use the wire.
    void connect() {
        int first = table.size();
        table.grow(2, -1, own());
        table.setRef(first, Objects.requireNonNull(indexes.get(READ)), own());
        table.setRef(first + 1, Objects.requireNonNull(indexes.get(WRITE)), own());
        own().export("pgl_set_rw_cbs").apply(first, first + 1);
    }

    /// Puts `words` into its memory, as C's `argv`.
    int vector(List<String> words) {
        int start = reserve(4 * (words.size() + 1));
        for (int i = 0; i < words.size(); i++) {
            memory.writeI32(start + 4 * i, text(words.get(i)));
        }
        memory.writeI32(start + 4 * words.size(), 0);
        return start;
    }

    private int text(String word) {
        byte[] bytes = (word + "\0").getBytes(StandardCharsets.UTF_8);
        int start = reserve(bytes.length);
        memory.write(start, bytes, 0, bytes.length);
        return start;
    }

    private int reserve(int bytes) {
        return (int) own().export("malloc").apply(bytes)[0];
    }

    private Instance own() {
        return Objects.requireNonNull(instance);
    }

    /// Exit, `longjmp`, and calls of function pointers that a `longjmp` may leave.
    private void addControl() {
        Call exit = a -> {
            throw new Exit((int) a[0]);
        };
        calls.put("exit", exit);
        calls.put("proc_exit", exit);
        calls.put("emscripten_exit_with_live_runtime", _ -> {
            throw new Exit(0);
        });
        calls.put("_abort_js", _ -> {
            throw new IllegalStateException("the built-in pg_dump gave up");
        });
        calls.put("_emscripten_throw_longjmp", _ -> {
            throw new LongJump();
        });
        for (String shape : List.of("invoke_ii", "invoke_iiii", "invoke_vii")) {
            calls.put(shape, this::invoke);
        }
    }

    private long invoke(long[] a) {
        long before = stack.getValue();
        try {
            long[] result = own().getMachine().call(table.requiredRef((int) a[0]), Arrays.copyOfRange(a, 1, a.length));
            return result == null || result.length == 0 ? 0 : result[0];
        } catch (LongJump _) {
            stack.setValue(before);
            own().export("setThrew").apply(1, 0);
            return 0;
        }
    }

    /// The encoding is always asked for as UTF8, see `PgDumpOptions`.
    private static String encoding(long code) {
        return code == 0 ? "SQL_ASCII" : "UTF8";
    }

    /// One import; a negative result is an error number of WASI.
    @FunctionalInterface
    interface Call {
        /// Answers it.
        long apply(long[] arguments) throws IOException;
    }

    /// `exit()` in C.
    static final class Exit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Exit(int status) {
            super("exit", null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// `longjmp()` in C.
    private static final class LongJump extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LongJump() {
            super("longjmp", null, false, false);
        }
    }
}
