package io.handover.benchmark;

import io.handover.testkit.PgServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// CPU time of both servers and of every program that was started and has ended; read from `/proc`, so on Linux
/// only. On a machine with other work it says more than the clock on the wall.
final class CpuClock {

    /// Of `/proc/PID/stat`, which counts in hundredths of a second; the fields after the name in parentheses.
    private static final int PARENT = 1;

    private static final int OWN = 11;
    private static final int CHILDREN = 13;

    private final long[] postmasters;

    CpuClock(List<PgServer> servers, String database) throws SQLException {
        postmasters = new long[servers.size()];
        for (int i = 0; i < postmasters.length; i++) {
            try (var db = servers.get(i).open(database);
                    var sql = db.createStatement();
                    var row = sql.executeQuery("select pg_backend_pid()")) {
                row.next();
                postmasters[i] = ProcessHandle.of(row.getLong(1))
                        .flatMap(ProcessHandle::parent)
                        .orElseThrow()
                        .pid();
            }
        }
    }

    /// Seconds so far; only differences mean something.
    double seconds() throws IOException {
        long ticks = 0;
        String[] own = stat(Path.of("/proc/self"));
        ticks += sum(own, CHILDREN);
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                String[] stat = stat(process);
                for (long postmaster : postmasters) {
                    if (process.getFileName().toString().equals(Long.toString(postmaster))) {
                        ticks += sum(stat, OWN) + sum(stat, CHILDREN);
                    } else if (stat.length > CHILDREN && stat[PARENT].equals(Long.toString(postmaster))) {
                        ticks += sum(stat, OWN);
                    }
                }
            }
        }
        return ticks / 100.0;
    }

    private static long sum(String[] stat, int at) {
        return stat.length > at + 1 ? Long.parseLong(stat[at]) + Long.parseLong(stat[at + 1]) : 0;
    }

    private static String[] stat(Path process) throws IOException {
        try {
            String line = Files.readString(process.resolve("stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (NoSuchFileException _) {
            return new String[0]; // it has ended meanwhile
        } catch (IOException e) {
            if (Files.exists(process)) {
                throw e;
            }
            return new String[0];
        }
    }
}
