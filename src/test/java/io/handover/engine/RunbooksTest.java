package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Runbook;
import io.handover.model.Side;
import io.handover.pg.CutoverFacts;
import io.handover.report.RunbookText;
import io.handover.ui.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the change ticket says is what the cutover does, in its order.
class RunbooksTest {

    private static final CutoverFacts FACTS = new CutoverFacts(
            List.of("public.\"Odd; Name\"", "public.ledger"),
            List.of("public.ledger"),
            List.of("public.\"o'clock\""),
            List.of("public.totals"),
            7);
    private static final Hooks HOOKS =
            new Hooks("stop-jobs", "switch.sh", "http://shop/health", "", "tell", Duration.ofSeconds(9));

    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void everyActHasItsPlace(FreezeMethod method) {
        Plan plan = plan(method);
        String text = RunbookText.markdown(Runbooks.of(plan, Side.SOURCE, FACTS, Instant.EPOCH));
        assertEquals(
                method == FreezeMethod.NAMED_ROLES,
                text.contains("alter role \"shop \"\"x\"\"\" in database \""
                        + plan.source().database() + "\" set default_transaction_read_only = on;"));
        String first = method == FreezeMethod.LOCK_TABLES
                ? "lock table public.\"Odd; Name\", public.ledger in exclusive mode;"
                : "set default_transaction_read_only = on;";
        String then = method == FreezeMethod.LOCK_TABLES
                ? "set default_transaction_read_only = on;"
                : "lock table public.\"Odd; Name\", public.ledger in exclusive mode;";
        var acts = List.of(
                "stop-jobs",
                "refresh materialized view public.totals;",
                "set epoch = 7, state = 'armed'",
                "PAUSE \"shop\"",
                first,
                then,
                "setval('public.\"o''clock\"', <last_value>, <is_called>);",
                "alter subscription " + plan.id().subscription(Side.SOURCE),
                "pg_create_logical_replication_slot('" + plan.id().slot(Side.TARGET),
                "state = 'handed_over'",
                "switch.sh",
                "RELOAD; RESUME \"shop\"",
                "create subscription " + plan.id().subscription(Side.TARGET),
                "GET http://shop/health",
                "tell");
        int from = 0;
        for (String act : acts) {
            int at = text.replace("\"handover_", "handover_")
                    .replace("_fwd\"", "_fwd")
                    .replace("_rev\"", "_rev")
                    .indexOf(act, from);
            assertTrue(at >= from, () -> act + " is not where it belongs in\n" + text);
            from = at;
        }
    }

    @Test
    void withoutHooksAndPoolersItSaysNothingOfThem() {
        Plan plan = Plan.of(new MigrationId("0123abcd"), Samples.source(), Samples.target());
        Runbook book = Runbooks.of(plan, Side.TARGET, FACTS, Instant.EPOCH);
        assertTrue(book.title().startsWith("Roll back of migration 0123abcd"));
        String text = RunbookText.markdown(book);
        assertFalse(text.contains("PAUSE") || text.contains("On this computer"), text);
        assertEquals(-1, text.indexOf("PgBouncer"));
    }

    private static Plan plan(FreezeMethod method) {
        return Plan.of(new MigrationId("0123abcd"), Samples.source(), Samples.target())
                .with(method, Duration.ofSeconds(30), Duration.ofHours(48), HOOKS)
                .withFreezeRoles(method == FreezeMethod.NAMED_ROLES ? List.of("shop \"x\"") : List.of())
                .withPoolers(List.of(Pooler.parse("postgresql://boss@pool:6432/shop", "")));
    }
}
