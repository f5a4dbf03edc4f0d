package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.DatabasePair;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two migrations want one database.
class SchemaClaimTest {

    private static final MigrationId FIRST = new MigrationId("00000001");
    private static final MigrationId SECOND = new MigrationId("00000002");

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private Server source;
    private Server target;

    @BeforeEach
    void servers() {
        var log = new SqlLog(Clock.systemUTC());
        source = new Server(Side.SOURCE, pair.source(), log);
        target = new Server(Side.TARGET, pair.target(), log);
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void theSecondIsRefusedOnceTheFirstHasBegun() throws Exception {
        try (DbSession session = source.open("test")) {
            HandoverSchema.create(session, FIRST);
            session.change("create publication " + FIRST.publication(Side.SOURCE));
            assertEquals(SchemaClaim.TAKEN, refused(session, SECOND));
            assertEquals(Optional.of(FIRST), SchemaClaim.other(session.jdbc(), Side.SOURCE, SECOND));
            assertEquals(Optional.empty(), SchemaClaim.other(session.jdbc(), Side.SOURCE, FIRST));

            HandoverSchema.drop(session, SECOND);
            assertTrue(SchemaClaim.isOf(session.jdbc(), FIRST), "the second one's end takes nothing from the first");
            HandoverSchema.create(session, FIRST);
        }
    }

    @Test
    void aMarkAloneKeepsTheDatabaseToo() throws Exception {
        try (DbSession session = source.open("test")) {
            HandoverSchema.create(session, FIRST);
            session.change("insert into handover.mark (id, migration, epoch, owner, state)"
                    + " values (1, '00000001', 3, 'target', 'handed_over')");
            assertEquals(SchemaClaim.TAKEN, refused(session, SECOND));
        }
    }

    @Test
    void oneThatHasOnlyMendedTheSourceGivesWayAndIsNotForgotten() throws Exception {
        try (DbSession session = source.open("test")) {
            session.change("create table public.t (a int)");
            HandoverSchema.create(session, FIRST);
            ReplicaIdentities.change(session, new TableRef("public", "t"), "");
            HandoverSchema.create(session, SECOND);
            assertTrue(SchemaClaim.isOf(session.jdbc(), SECOND));
            ReplicaIdentities.putBack(session);
        }
        assertEquals("d", pair.ask(Side.SOURCE, "select relreplident from pg_class where relname = 't'"));
    }

    @Test
    void aTargetIsTakenFromTheBeginning() throws Exception {
        try (DbSession session = target.open("test")) {
            HandoverSchema.create(session, FIRST);
            assertEquals(SchemaClaim.TAKEN, refused(session, SECOND));
        }
    }

    @Test
    void aSchemaOfThatNameThatSomebodyElseMadeIsLeftAlone() throws Exception {
        try (DbSession session = source.open("test")) {
            session.change("create schema handover");
            assertEquals("42P06", refused(session, FIRST));
            HandoverSchema.drop(session, FIRST);
            assertEquals(Optional.of(""), HandoverSchema.comment(session.jdbc()));
        }
    }

    /// Without the lock both would find no schema, and the slower one would fail with whatever the server says to that.
    @Test
    void ofManyWhoComeAtTheSameTimeOneGetsIt() throws Exception {
        int many = 6;
        var gate = new CyclicBarrier(many);
        try (var pool = Executors.newFixedThreadPool(many)) {
            List<Callable<String>> all = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                var id = new MigrationId("0000000" + i);
                all.add(() -> {
                    try (DbSession session = target.open("test")) {
                        gate.await();
                        HandoverSchema.create(session, id);
                        return "";
                    } catch (SQLException e) {
                        return SqlFailure.state(e);
                    }
                });
            }
            var ends = new ArrayList<String>();
            for (Future<String> one : pool.invokeAll(all)) {
                ends.add(one.get());
            }
            assertEquals(1, ends.stream().filter(String::isEmpty).count(), ends::toString);
            assertFalse(
                    ends.stream().anyMatch(end -> !end.isEmpty() && !end.equals(SchemaClaim.TAKEN)), ends::toString);
        }
    }

    private static String refused(DbSession session, MigrationId id) {
        return SqlFailure.state(assertThrows(SQLException.class, () -> HandoverSchema.create(session, id)));
    }
}
