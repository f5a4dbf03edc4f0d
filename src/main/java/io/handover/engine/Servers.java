package io.handover.engine;

import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;

/// Both servers of a migration with their common log.
///
/// @param source the one that owned the data at first
/// @param target the other
/// @param log    what was changed on them
record Servers(Server source, Server target, SqlLog log) implements AutoCloseable {

    static Servers of(Plan plan, Credentials credentials, SqlLog log) {
        return new Servers(
                new Server(Side.SOURCE, new Endpoint(plan.source(), credentials.source()), log),
                new Server(Side.TARGET, new Endpoint(plan.target(), credentials.target()), log),
                log);
    }

    Server of(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
