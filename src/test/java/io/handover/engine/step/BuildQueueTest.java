package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.BuildQueue.Item;
import io.handover.flow.NamedThreads;
import io.handover.model.TableRef;
import io.handover.pg.EntryLocks;
import io.handover.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BuildQueueTest {

    private static final Item<String> INDEX_A = item("index a", true, "a");
    private static final Item<String> INDEX_A2 = item("index a2", true, "a");
    private static final Item<String> KEY_A = item("key a", false, "a");
    private static final Item<String> FOREIGN = item("a to b", false, "a", "b");
    private static final Item<String> INDEX_B = item("index b", true, "b");
    private static final Item<String> FREE = item("free", false);

    @Test
    void whatWouldWaitForAnotherIsPassedOver() throws Exception {
        var queue = new BuildQueue<>(List.of(INDEX_A, KEY_A, FOREIGN, INDEX_A2, INDEX_B, FREE));

        assertEquals(Optional.of(INDEX_A), queue.take());
        assertEquals(Optional.of(INDEX_A2), queue.take(), "indexes of one table can be built together");
        assertEquals(Optional.of(INDEX_B), queue.take());
        assertEquals(Optional.of(FREE), queue.take());
        queue.release(INDEX_A);
        queue.release(INDEX_A2);
        assertEquals(Optional.of(KEY_A), queue.take());
        queue.release(KEY_A);
        queue.release(INDEX_B);
        assertEquals(Optional.of(FOREIGN), queue.take());
        assertEquals(Optional.empty(), queue.take());
    }

    @Test
    void aWorkerWaitsForATableAndForTheEnd() throws Exception {
        var queue = new BuildQueue<>(List.of(KEY_A, INDEX_A));
        assertEquals(Optional.of(KEY_A), queue.take());
        var taken = new AtomicReference<Optional<Item<String>>>();
        var worker = new NamedThreads(_ -> {}).start("worker", () -> {
            try {
                taken.set(queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Eventually.await(Duration.ofSeconds(20), "the worker waits", () -> worker.getState() == Thread.State.WAITING);

        queue.release(KEY_A);

        assertEquals(Optional.of(INDEX_A), Eventually.value(Duration.ofSeconds(20), "it gets the index", taken));
    }

    @Test
    void aTablesWorkIsDoneInTheOrderOfItsTurnsAndOthersDoNotWaitForIt() throws Exception {
        Item<String> keyA = item("key of a", BuildTurn.SAY, false, "a");
        Item<String> keyB = item("key of b", BuildTurn.SAY, false, "b");
        Item<String> add = item("a refers to b", BuildTurn.ADD, false, "a", "b");
        var queue = new BuildQueue<>(List.of(add, keyB, keyA, INDEX_A, INDEX_A2, INDEX_B));

        assertEquals(Optional.of(INDEX_A), queue.take());
        assertEquals(Optional.of(INDEX_A2), queue.take());
        assertEquals(Optional.of(INDEX_B), queue.take());
        queue.release(INDEX_B);
        assertEquals(Optional.of(keyB), queue.take(), "no matter that indexes of a are being built");
        queue.release(keyB);
        queue.release(INDEX_A);
        queue.release(INDEX_A2);
        assertEquals(Optional.of(BuildTurn.SAY), queue.turn());
        assertEquals(Optional.of(keyA), queue.take());
        queue.release(keyA);
        assertEquals(Optional.of(add), queue.take());
        queue.release(add);
        assertEquals(Optional.empty(), queue.turn());
    }

    @Test
    void whatMayConcernAnyTableWaitsForAllEarlierOnesAndAllLaterOnesForIt() throws Exception {
        Item<String> join = new Item<>("join", new EntryLocks(Set.of(), false), BuildTurn.ATTACH, true);
        Item<String> check = item("check b", BuildTurn.CHECK, false, "b");
        var queue = new BuildQueue<>(List.of(check, join, INDEX_A, FREE));

        assertEquals(Optional.of(INDEX_A), queue.take());
        assertEquals(Optional.of(FREE), queue.take());
        queue.release(FREE);
        queue.release(INDEX_A);
        assertEquals(Optional.of(join), queue.take());
        queue.release(join);
        assertEquals(Optional.of(check), queue.take());
    }

    @Test
    void aClosedQueueHandsOutNothing() throws Exception {
        var queue = BuildQueue.free(List.of("x", "y"));
        assertTrue(queue.take().isPresent());

        queue.close();

        assertEquals(Optional.empty(), queue.take());
    }

    private static Item<String> item(String name, boolean shared, String... tables) {
        return item(name, BuildTurn.BUILD, shared, tables);
    }

    private static Item<String> item(String name, BuildTurn turn, boolean shared, String... tables) {
        var refs = Set.copyOf(List.of(tables).stream()
                .map(table -> new TableRef("public", table))
                .toList());
        return new Item<>(name, new EntryLocks(refs, shared), turn, false);
    }
}
