package io.handover.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handover.flow.NamedThreads;
import io.handover.pg.ArchiveTools;
import io.handover.pg.PgDump;
import java.util.Optional;

/// PostgreSQL's own programs, where this computer has them.
public final class InstalledTools {

    private InstalledTools() {}

    /// Those that can archive a server of version `major`; without them the test is skipped, and says why.
    public static ArchiveTools archive(int major) throws InterruptedException {
        Optional<ArchiveTools> tools =
                PgDump.installed(new NamedThreads(_ -> {})).archiveTools(major);
        assumeTrue(tools.isPresent(), "no pg_dump " + major + " or newer with its pg_restore is installed");
        return tools.orElseThrow();
    }
}
