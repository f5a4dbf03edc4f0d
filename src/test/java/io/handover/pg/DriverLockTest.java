package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DriverLockTest {

    private final MigrationId id = MigrationId.random(RandomGenerator.getDefault());

    @Test
    void closedItIsFreeForTheNextAtOnce() throws Exception {
        var postgres = PgServer.major("17");
        var server =
                new Server(Side.TARGET, postgres.endpoint(postgres.newDatabase()), new SqlLog(InstantSource.system()));
        try (server;
                var look = server.open("test");
                var query = look.jdbc()
                        .prepareStatement("select count(*) from pg_locks l join pg_database d on d.oid = l.database"
                                + " where l.locktype = 'advisory' and d.datname = current_database()")) {
            for (int round = 0; round < 30; round++) {
                DriverLock lock = DriverLock.take(server, id).orElseThrow();
                assertTrue(lock.held());
                assertTrue(DriverLock.take(server, id).isEmpty(), "one alone may drive");
                assertTrue(
                        DriverLock.take(server, MigrationId.random(RandomGenerator.getDefault()))
                                .isEmpty(),
                        "another migration into the same database neither");
                lock.close();
                try (var row = query.executeQuery()) {
                    row.next();
                    assertEquals(0, row.getInt(1), "in round " + round);
                }
            }
        }
    }
}
