package io.handover;

import io.handover.cli.Exit;
import io.handover.demo.Console;
import io.handover.demo.Demo;
import io.handover.demo.DemoFigures;
import io.handover.demo.LedgerCheck;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;

/// `handover demo --servers`: the demo's servers and its application alone, to try the commands on from another
/// terminal.
final class DemoServers {

    /// How the line begins that names the file with the addresses.
    static final String ADDRESSES = "Addresses, with their passwords: ";

    private DemoServers() {}

    /// Says where the servers are, and waits until `end` has a line or no more.
    ///
    /// @return whether the application found everything again that it had written
    static Exit offer(Demo demo, Console console, InputStream end)
            throws IOException, SQLException, InterruptedException {
        var out = console.out();
        var addresses = demo.addresses();
        out.println(ADDRESSES + addresses);
        out.println("In another terminal, in this order:");
        out.println("    . " + addresses);
        for (var line : List.of(
                "handover migrate --fix --until streaming",
                "handover cutover --hook-switch \"$HANDOVER_SWITCH_HOOK\"",
                "handover rollback",
                "handover retire")) {
            out.println("    " + line + " --source env:HANDOVER_SOURCE_URI --target env:HANDOVER_TARGET_URI");
        }
        out.println("Enter, here, ends the servers and removes their data.");
        int read = end.read();
        while (read != -1 && read != '\n') {
            read = end.read();
        }
        demo.workload().stop();
        var ledger = LedgerCheck.check(demo.workload().book(), demo.url().read());
        DemoFigures.lines(demo.workload().report(), List.of(), ledger).forEach(out::println);
        return ledger.exact() ? Exit.DONE : Exit.FAILED;
    }
}
