package io.handover.pg.wasm;

import java.util.List;
import java.util.Map;
import run.endive.runtime.Memory;

/// The little that `pg_dump` asks of an operating system beside its descriptors.
final class SystemCalls {

    /// 2 GB, the most its memory was linked for.
    static final int MOST_PAGES = 32_768;

    private static final long NO_SUCH_FILE = -44;
    private static final long NO_TERMINAL = -59;

    private final Memory memory;

    SystemCalls(Memory memory) {
        this.memory = memory;
    }

    void addTo(Map<String, World.Call> calls) {
        // Its clock stands still: it only writes the time into comments, which then are the same each time
        calls.put("emscripten_date_now", _ -> 0);
        calls.put("emscripten_get_now", _ -> 0);
        calls.put("clock_time_get", a -> {
            memory.writeLong((int) a[2], 0);
            return 0;
        });
        calls.put("_localtime_js", a -> {
            memory.write((int) a[1], new byte[40], 0, 40); // years count from 1900
            memory.writeI32((int) a[1] + 12, 1);
            memory.writeI32((int) a[1] + 20, 70);
            memory.writeI32((int) a[1] + 24, 4);
            return 0;
        });
        calls.put("_tzset_js", a -> {
            memory.writeI32((int) a[0], 0);
            memory.writeI32((int) a[1], 0);
            memory.writeCString((int) a[2], "UTC");
            memory.writeCString((int) a[3], "UTC");
            return 0;
        });
        calls.put("emscripten_resize_heap", a -> grow(a[0] & 0xffffffffL) ? 1 : 0);
        calls.put("__syscall_ioctl", _ -> NO_TERMINAL);
        calls.put("__syscall_socket", _ -> Descriptors.WIRE);
        calls.put("__syscall__newselect", _ -> 1); // the wire waits by itself
        for (String harmless : List.of("__syscall_fcntl64", "_setitimer_js", "_emscripten_runtime_keepalive_clear")) {
            calls.put(harmless, _ -> 0);
        }
        for (String look : List.of("stat64", "newfstatat", "faccessat", "readlinkat", "getcwd")) {
            calls.put("__syscall_" + look, _ -> NO_SUCH_FILE);
        }
    }

    /// A fifth more than asked for, so that it is not asked for each page.
    private boolean grow(long needed) {
        long pages = Math.min(MOST_PAGES, (needed + needed / 5) / Memory.PAGE_SIZE + 1);
        try {
            return needed <= (long) MOST_PAGES * Memory.PAGE_SIZE && memory.grow((int) pages - memory.pages()) >= 0;
        } catch (OutOfMemoryError _) {
            return false; // pg_dump says so and ends
        }
    }
}
