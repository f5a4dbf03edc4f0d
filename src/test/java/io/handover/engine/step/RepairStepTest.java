package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict.Verdict;
import io.handover.model.VerifyReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairStepTest {

    private static final String READER = "handover_test_reader_";

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void repairsWhileEverythingIsBeingWritten(String from, String to) throws Exception {
        try (var pair = StreamedPair.between(from, to)) {
            pair.onFollower("""
                    update public.quiet set v = E'other '' \\\\ x', f = '-0' where id = 1;
                    delete from public.quiet where id = 2;
                    insert into public.quiet values (9001, 'extra');
                    update public.account set note = 'not the source''s' where id % 1000 = 7;
                    delete from public.account where id % 1000 = 8;
                    insert into public.journal values ('2020-01-01', 'doubled', 1), ('2020-01-01', 'doubled', 1);
                    update "Odd ""schema"."sel'ect, ""x"" ☃" set "Key \\ 'q' ?" = 'stray' where "Key \\ 'q' ?" = E'k\\x1f\\\\9';
                    """);
            pair.onOwner("insert into public.journal values ('2020-01-01', 'doubled', 1)");
            pair.write(3);

            VerifyReport before = verify(pair);
            assertTrue(before.differences() >= 20, before::toString);
            VerifyReport now = before;
            for (int i = 0; i < 5 && now.differences() > 0; i++) {
                now = repairAll(pair, now); // a row that is being changed just then is left out
                pair.fence(); // the stream goes on: nothing it brings is there already
            }
            pair.quiet();
            pair.fence();
            now = repairAll(pair, verify(pair));
            assertEquals(0, now.differences(), now::toString);
            assertTrue(VerifyStep.frozen(pair.context(), Side.SOURCE).proved());
            var stages = pair.context().stages();
            assertEquals(List.of(Stage.VERIFYING, Stage.STREAMING), stages.subList(stages.size() - 2, stages.size()));
        }
    }

    @Test
    void whatWasChangedMeanwhileIsLeftToTheStream() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            pair.onFollower("update public.quiet set v = 'other' where id in (1, 2)");
            VerifyReport before = verify(pair);
            pair.onOwner("delete from public.quiet where id = 1");
            pair.fence();

            repair(pair, new TableRef("public", "quiet"), before);

            assertTrue(VerifyStep.frozen(pair.context(), Side.SOURCE).proved(), "one is gone, the other as it was");
        }
    }

    @Test
    void aStreamBackIsNotFedWithARepair() throws Exception {
        try (var pair = StreamedPair.between("15", "18")) {
            pair.onFollower("update public.quiet set v = 'other' where id = 1");
            VerifyReport before = verify(pair);
            String reader = READER + pair.name();
            pair.onFollower("create publication back for table public.quiet");
            pair.onFollower("select pg_create_logical_replication_slot('" + reader + "', 'pgoutput')");

            repair(pair, new TableRef("public", "quiet"), before);
            long fedBack = changes(pair, reader);
            pair.onFollower("update public.quiet set v = 'seen' where id = 5");

            assertEquals(0, fedBack);
            assertEquals(1, changes(pair, reader), "somebody else's change is");
            try (var follower = pair.context().server(Side.TARGET).open("test")) {
                assertEquals(
                        0,
                        StreamedPair.number(
                                follower.jdbc(),
                                "select count(*) from pg_replication_origin where roname = 'handover_repair'"));
            }
            pair.onFollower("select pg_drop_replication_slot('" + reader + "')");
        }
    }

    private static long changes(StreamedPair pair, String slot) throws Exception {
        try (var follower = pair.context().server(Side.TARGET).open("test")) {
            return StreamedPair.number(follower.jdbc(), """
                    select count(*) from pg_logical_slot_peek_binary_changes('%s', null, null, 'proto_version', '4',
                        'publication_names', 'back', 'origin', 'none')
                     where get_byte(data, 0) in (ascii('I'), ascii('U'), ascii('D'))""".formatted(slot));
        }
    }

    private static VerifyReport verify(StreamedPair pair) throws Exception {
        assertInstanceOf(StepOutcome.Done.class, new VerifyStep(Side.SOURCE).run(pair.context()));
        return pair.context().verifications().getLast();
    }

    private static VerifyReport repairAll(StreamedPair pair, VerifyReport report) throws Exception {
        for (var table : report.tables()) {
            if (table.verdict() == Verdict.DIFFERENT) {
                repair(pair, table.table(), report);
            }
        }
        return verify(pair);
    }

    private static void repair(StreamedPair pair, TableRef table, VerifyReport report) throws Exception {
        List<String> keys = report.tables().stream()
                .filter(t -> t.table().equals(table))
                .flatMap(t -> t.first().stream())
                .map(RowDifference::id)
                .toList();
        var outcome = new RepairStep(Side.SOURCE, table, keys).run(pair.context());
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }
}
