package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.Side;
import io.handover.pg.CutoverFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutoverFactsTest {

    @Test
    void theyAreThoseOfTheServers() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var source = world.open(Side.SOURCE);
                var target = world.open(Side.TARGET);
                var there = target.createStatement()) {
            there.execute("create materialized view public.totals as select 1 as one");
            there.execute("create materialized view public.later as select 1 as one with no data");

            var facts = CutoverFacts.read(source, target, world.plan(), Side.SOURCE);

            assertEquals(List.of("public.\"Odd Name\"", "public.ledger"), unquoted(facts.locked()));
            assertEquals(List.of("public.\"Odd Name\"", "public.ledger"), unquoted(facts.published()));
            assertEquals(List.of("public.\"Odd Name_id_seq\""), unquoted(facts.sequences()));
            assertEquals(List.of("public.totals"), unquoted(facts.views()));
            assertEquals(1, facts.epoch());
        }
    }

    /// Names that need no quotes may have them.
    private static List<String> unquoted(List<String> names) {
        return names.stream()
                .map(name -> name.replaceAll("\"([a-z_]+)\"", "$1"))
                .sorted()
                .toList();
    }
}
