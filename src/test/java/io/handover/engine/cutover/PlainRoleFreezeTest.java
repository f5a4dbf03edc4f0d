package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.Credentials;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.pg.FreezeRoles;
import io.handover.pg.SchemaGuard;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A freeze by role where Handover's role on the source is no superuser: it owns the database and the
/// tables, may replicate, end sessions, make roles and, from 16 on, subscriptions. PostgreSQL itself lets
/// it make no event triggers, so the gate is closed and the cutover refused; a provider may, which is stood
/// for here by a superuser who makes them.
class PlainRoleFreezeTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void itIsRefusedWithoutEventTriggersAndWorksWithThem() throws Exception {
        try (var world = new CutoverWorld("16", "18")) {
            String mover = "mover_" + world.plan().id();
            String app = "app_" + world.plan().id();
            prepare(world, mover, app);
            Plan plan = plainly(world, mover, List.of(app));
            var target = world.newServer.endpoint(plan.target().database()).password();
            try (var context = TestContext.of(plan, new Credentials(Secret.of("secret"), target));
                    var again = context.again();
                    var plain = open(world, mover)) {
                assertEquals(
                        Set.of(app + " false"),
                        Set.copyOf(FreezeRoles.find(plain, List.of(app)).stream()
                                .map(role -> role.name() + " " + role.alterable())
                                .toList()),
                        "without the ADMIN option CREATEROLE is not enough");
                run(world, "grant " + app + " to " + mover + " with admin option, inherit false");
                assertTrue(FreezeRoles.find(plain, List.of(app)).getFirst().alterable());
                assertTrue(!SchemaGuard.possible(plain));
                assertEquals("0", world.ask(Side.SOURCE, "select count(*) from pg_event_trigger"), "only tried");

                var failed = assertInstanceOf(
                        StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));
                assertEquals("freeze-roles", failed.problem().code(), failed::toString);
                assertTrue(failed.problem().what().contains("event triggers"), failed::toString);
                assertEquals(Optional.empty(), world.roleSetting(Side.SOURCE, app));

                asAProviderLets(world, mover);
                assertTrue(SchemaGuard.possible(plain));
                try (var ledger = new Ledger(
                        world,
                        world.threads,
                        2,
                        Side.SOURCE,
                        side -> side == Side.SOURCE ? open(world, app) : world.open(side))) {
                    Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
                    var outcome = new CutoverStep(Side.SOURCE, world.parts(point -> {
                                if (point == Point.OPENED) {
                                    ledger.pointTo(Side.TARGET);
                                }
                            }))
                            .run(again);
                    assertInstanceOf(
                            StepOutcome.Done.class,
                            outcome,
                            () -> outcome + "\n" + again.cutovers().getLast());
                    int before = ledger.count();
                    Eventually.await(LONG, "it writes on the target", () -> ledger.count() > before + 20);
                    ledger.end();
                    assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
                    assertNotEquals(Optional.empty(), world.roleSetting(Side.SOURCE, app));
                    world.same();
                }
            } finally {
                forget(world, mover, app);
            }
        }
    }

    private static Plan plainly(CutoverWorld world, String mover, List<String> roles) {
        Plan plan = world.plan().with(FreezeMethod.NAMED_ROLES, DEADLINE, Duration.ofDays(2), Hooks.none());
        Profile at = plan.source();
        var source = new Profile(
                at.name(),
                at.host(),
                at.port(),
                at.database(),
                mover,
                at.tls(),
                at.rootCertificate(),
                at.environment());
        return new Plan(
                plan.id(),
                source,
                plan.target(),
                plan.scope(),
                plan.workers(),
                plan.keepOwners(),
                plan.keepGrants(),
                plan.freeze(),
                plan.deadline(),
                plan.window(),
                plan.hooks(),
                plan.sourceReach(),
                plan.targetReach(),
                plan.poolers(),
                plan.readLimit(),
                plan.copyMethod(),
                plan.archive(),
                plan.waves(),
                roles);
    }

    /// What a superuser has to give for a migration without one, beside the event triggers.
    private static void prepare(CutoverWorld world, String mover, String app) throws SQLException {
        String database = world.plan().source().database();
        run(
                world,
                "create role " + mover + " login createrole replication password 'secret'"
                        + " in role pg_signal_backend, pg_create_subscription, pg_monitor",
                "create role " + app + " login password 'secret'",
                "alter database " + database + " owner to " + mover,
                "do $$ declare o record; begin for o in select c.oid::regclass as name from pg_class c"
                        + " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')"
                        + " and n.nspname in ('public', 'handover') loop execute 'alter table ' || o.name"
                        + " || ' owner to " + mover + "'; end loop; end $$",
                "alter schema handover owner to " + mover,
                "alter publication " + world.plan().id().publication(Side.SOURCE) + " owner to " + mover,
                "grant select, insert, update on all tables in schema public to " + app);
    }

    private static void asAProviderLets(CutoverWorld world, String mover) throws SQLException {
        try (var session = world.context.server(Side.SOURCE).open("provider")) {
            assertTrue(SchemaGuard.make(session));
            session.change("alter function handover.guard_schema() owner to " + mover);
        }
    }

    private static void forget(CutoverWorld world, String mover, String app) throws SQLException {
        try (var session = world.context.server(Side.SOURCE).open("provider")) {
            for (String guard : List.of("handover_guard_made", "handover_guard_dropped")) {
                session.change("drop event trigger if exists " + guard);
            }
            String us = world.context.server(Side.SOURCE).endpoint().profile().user();
            session.change("drop owned by " + app);
            session.change("reassign owned by " + mover + " to " + us);
            session.change("drop owned by " + mover);
            session.change("drop role " + app);
            session.change("drop role " + mover);
        }
    }

    private static Connection open(CutoverWorld world, String role) throws SQLException {
        var at = world.plan().source();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + at.host() + ":" + at.port() + "/" + at.database(), role, "secret");
    }

    private static void run(CutoverWorld world, String... statements) throws SQLException {
        try (var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }
}
