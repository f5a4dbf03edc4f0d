package io.handover.check;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.PgDump;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import java.time.Clock;
import java.util.List;

/// What one check finds between two databases, by the whole of preflight.
final class Found {

    private Found() {}

    static List<Finding> by(String check, Endpoint source, Endpoint target) throws Exception {
        var log = new SqlLog(Clock.systemUTC());
        var dump = PgDump.installed(new NamedThreads(_ -> {}));
        try (var here = new Server(Side.SOURCE, source, log);
                var there = new Server(Side.TARGET, target, log)) {
            var plan = Plan.of(new MigrationId("0000c0de"), source.profile(), target.profile());
            return Preflight.run(plan, here, there, dump, Clock.systemUTC()).findings().stream()
                    .filter(finding -> finding.check().equals(check))
                    .toList();
        }
    }
}
