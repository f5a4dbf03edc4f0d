package io.handover.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A migration that is under way outlives an update of Handover.
class OldPlanTest {

    private static final Plan PLAN = Samples.plan()
            .with(
                    FreezeMethod.LOCK_TABLES,
                    Duration.ofSeconds(30),
                    Duration.ofHours(48),
                    new Hooks("", "switch", "", "", "", Duration.ofSeconds(9), true))
            .withPoolers(List.of(Pooler.parse("postgresql://boss@pool/shop?sslmode=require", "")))
            .withFreezeRoles(List.of("shop", "a \"b\""));

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertEquals(PLAN, JournalJson.plan(JournalJson.write(PLAN)));
    }

    @Test
    void aPlanOfBeforeHasNoPgBouncerAndNoCheckOfWrites() throws Exception {
        String now = JournalJson.write(PLAN);
        String before = now.replaceAll(",\"poolers\":\\[.*?]", "")
                .replace(",\"healthWrites\":true", "")
                .replaceAll(",\"freezeRoles\":\\[.*?]", "");
        assertFalse(
                before.contains("poolers") || before.contains("healthWrites") || before.contains("freezeRoles"),
                before);

        Plan read = JournalJson.plan(before);

        assertEquals(List.of(), read.poolers());
        assertEquals(List.of(), read.freezeRoles());
        assertFalse(read.hooks().healthWrites());
        assertEquals(PLAN.hooks().switchOver(), read.hooks().switchOver());
        assertEquals(PLAN.id(), read.id());
    }
}
