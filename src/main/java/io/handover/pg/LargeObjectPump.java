package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Moves the contents of large objects that are there, empty, on the target.
final class LargeObjectPump {

    /// Bytes read and written at a time.
    static final int CHUNK = 262_144;

    /// Objects whose first chunk is read in one go.
    private static final int BATCH = 32;

    private static final String READ = "select x.oid::bigint, pg_catalog.lo_get(x.oid, ?, " + CHUNK
            + ") from pg_catalog.unnest(?::oid[]) as x (oid)";

    private static final String WRITE = "select pg_catalog.lo_put(x.oid, ?, x.data)"
            + " from rows from (pg_catalog.unnest(?::oid[]), pg_catalog.unnest(?::bytea[])) as x (oid, data)";

    private final Connection source;
    private final Connection target;
    private final Gate gate;

    LargeObjectPump(Connection source, Connection target, Gate gate) {
        this.source = source;
        this.target = target;
        this.gate = gate;
    }

    void pump(List<Long> oids) throws SQLException, InterruptedException, StoppedException {
        for (int from = 0; from < oids.size(); from += BATCH) {
            List<Long> open = oids.subList(from, Math.min(oids.size(), from + BATCH));
            for (long offset = 0; !open.isEmpty(); offset += CHUNK) {
                gate.pass();
                open = chunk(open, offset);
            }
        }
    }

    /// @return those of `oids` that may go on behind this chunk
    private List<Long> chunk(List<Long> oids, long offset) throws SQLException {
        List<Long> written = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        List<Long> longer = new ArrayList<>();
        try (PreparedStatement read = source.prepareStatement(READ)) {
            read.setLong(1, offset);
            read.setArray(2, source.createArrayOf("oid", oids.toArray()));
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    byte[] content = row.getBytes(2);
                    if (content.length > 0) {
                        written.add(row.getLong(1));
                        contents.add(content);
                    }
                    if (content.length == CHUNK) {
                        longer.add(row.getLong(1));
                    }
                }
            }
        }
        if (!written.isEmpty()) {
            try (PreparedStatement write = target.prepareStatement(WRITE)) {
                write.setLong(1, offset);
                write.setArray(2, target.createArrayOf("oid", written.toArray()));
                write.setArray(3, target.createArrayOf("bytea", contents.toArray(new byte[0][])));
                write.execute();
            }
        }
        return longer;
    }
}
