package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration NONE = Duration.ZERO;
    private static final FreezeLock.Guard NO_LOCKS = FreezeLock.Guard.none();

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "18"})
    void theWayToTheOtherSideMakesTheDatabaseReadOnlyForNewSessions(String major) throws Exception {
        try (var at = new Ownership(major)) {
            assertTrue(at.attempt(1).arm(MINUTE));
            assertEquals(Mark.State.ARMED, at.mark().state());
            assertEquals(Optional.empty(), at.readOnlyDefault(), "armed stops nobody");

            assertTrue(at.attempt(1).handOver(NONE));
            assertEquals(Optional.of("on"), at.readOnlyDefault());
            try (var application = at.application()) {
                assertFalse(Ownership.writes(application));
            }

            assertTrue(at.attempt(1).confirm(NO_LOCKS));
            assertEquals(Mark.State.HANDED_OVER, at.mark().state());
            assertEquals(Side.TARGET, at.mark().owner());
            assertEquals(Optional.of("on"), at.readOnlyDefault(), "the old owner stays read-only");
        }
    }

    @Test
    void takenBackTheSettingIsExactlyWhatItWas() throws Exception {
        for (var before : new String[] {"reset", "set off", "set on"}) {
            try (var at = new Ownership("15")) {
                var name = PgServer.quoted(at.database);
                at.control.change(
                        switch (before) {
                            case "set off" -> "alter database " + name + " set default_transaction_read_only = off";
                            case "set on" -> "alter database " + name + " set default_transaction_read_only = on";
                            default -> "alter database " + name + " reset default_transaction_read_only";
                        });
                at.control.change("alter database " + name + " set work_mem = '5MB'");
                var setting = at.readOnlyDefault();
                at.attempt(1).arm(MINUTE);
                at.attempt(1).handOver(NONE);

                assertTrue(at.attempt(1).takeBack());

                assertEquals(setting, at.readOnlyDefault(), before);
                assertEquals(Mark.State.OWNS, at.mark().state());
                assertTrue(at.attempt(2).arm(MINUTE), "another attempt can follow");
            }
        }
    }

    /// The first time, and on the way back, where the side that is to own has handed over once and is read-only.
    @Test
    void whatIsTriedIsAsItWasAndCanBeDoneForGood() throws Exception {
        try (var old = new Ownership("13");
                var young = new Ownership(PgServer.major("18"), Side.TARGET)) {
            assertTrue(old.attempt(1).arm(MINUTE));
            Mark armed = old.mark();

            old.attempt(1).rehearse(young.control, NO_LOCKS);

            assertEquals(armed, old.mark());
            assertEquals(Optional.empty(), old.readOnlyDefault());
            assertEquals(Optional.empty(), Mark.read(young.control.jdbc()));
            assertTrue(old.attempt(1).handOver(NONE));
            assertTrue(old.attempt(1).confirm(NO_LOCKS));
            assertTrue(old.attempt(1).open(young.control));

            assertTrue(young.attempt(2).arm(MINUTE));
            Mark handedOver = old.mark();
            young.attempt(2).rehearse(old.control, NO_LOCKS);
            assertEquals(handedOver, old.mark());
            assertEquals(Optional.of("on"), old.readOnlyDefault(), "it does not take writes yet");
            assertEquals(Mark.State.ARMED, young.mark().state());
            assertEquals(Optional.empty(), young.readOnlyDefault());
            assertTrue(young.attempt(2).handOver(NONE));
            assertTrue(young.attempt(2).confirm(NO_LOCKS));
            assertTrue(young.attempt(2).open(old.control));
            assertEquals(Optional.empty(), old.readOnlyDefault());
        }
    }

    /// Production has the row, or the setting, and keeps it: then it is done untried.
    @Test
    void aTrialWaitsForNobodyForLong() throws Exception {
        try (var old = new Ownership("15");
                var young = new Ownership(PgServer.major("18"), Side.TARGET);
                var somebody = old.application()) {
            assertTrue(old.attempt(1).arm(MINUTE));
            old.control.change("set statement_timeout = '20s'"); // rather than for ever
            somebody.setAutoCommit(false);
            try (var sql = somebody.createStatement()) {
                sql.execute("select from handover.mark for update");
            }
            old.attempt(1).rehearse(young.control, NO_LOCKS);
            somebody.rollback();
            assertEquals(Mark.State.ARMED, old.mark().state());
        }
    }

    @Test
    void whatWasConfirmedIsNotTakenBackAndWhatWasTakenBackIsNotConfirmed() throws Exception {
        try (var at = new Ownership("18")) {
            at.attempt(1).arm(MINUTE);
            at.attempt(1).handOver(NONE);
            assertTrue(at.attempt(1).takeBack());
            assertFalse(at.attempt(1).confirm(NO_LOCKS));

            at.attempt(2).arm(MINUTE);
            at.attempt(2).handOver(NONE);
            assertTrue(at.attempt(2).confirm(NO_LOCKS));
            assertTrue(at.attempt(2).takeBack(), "it is asked, and nothing happens");
            assertEquals(Mark.State.HANDED_OVER, at.mark().state());
            assertEquals(Optional.of("on"), at.readOnlyDefault());
        }
    }

    @Test
    void onlyTheOwnerArmsAndEveryAttemptHasAnEpochOfItsOwn() throws Exception {
        try (var at = new Ownership("15")) {
            assertTrue(at.attempt(5).arm(MINUTE));
            assertFalse(at.attempt(6).arm(MINUTE), "one is under way");
            assertFalse(at.attempt(6).takeBack(), "it is not the other's to take back");
            assertTrue(at.attempt(5).takeBack());
            assertFalse(at.attempt(5).arm(MINUTE), "the epoch is used up");
            var foreign = new MarkChange(at.control, new MigrationId("deadbeef"), Side.SOURCE, 9);
            assertFalse(foreign.arm(MINUTE));
        }
        try (var to = new Ownership(PgServer.major("15"), Side.TARGET)) {
            assertFalse(to.attempt(1).arm(MINUTE), "a target without a mark owns nothing");
        }
    }

    @Test
    void pastTheDeadlineNothingGoesForward() throws Exception {
        try (var at = new Ownership("15")) {
            at.attempt(1).arm(Duration.ofMillis(1));
            var deadline = at.mark().deadline().orElseThrow();
            try (var sql = at.control.jdbc().createStatement()) {
                Eventually.await(Duration.ofSeconds(10), "the deadline has passed", () -> {
                    try (var row = sql.executeQuery("select clock_timestamp() > '" + deadline + "'::timestamptz")) {
                        return row.next() && row.getBoolean(1);
                    }
                });
            }
            assertFalse(at.attempt(1).handOver(NONE));
            assertFalse(at.attempt(1).setDeadline(MINUTE), "a missed deadline is not moved");
            at.attempt(1).takeBack();
            at.attempt(2).arm(MINUTE);
            assertFalse(at.attempt(2).handOver(MINUTE.plusSeconds(1)), "not enough time left");
        }
    }

    @Test
    void theNewOwnerIsOpenedOnceAndForItsEpoch() throws Exception {
        try (var to = new Ownership(PgServer.major("18"), Side.TARGET)) {
            var attempt = new MarkChange(to.control, Ownership.ID, Side.SOURCE, 3);
            assertTrue(attempt.open(to.control));
            assertTrue(attempt.open(to.control), "again, as after a crash");
            assertEquals(Side.TARGET, to.mark().owner());
            assertFalse(new MarkChange(to.control, Ownership.ID, Side.SOURCE, 2).open(to.control), "an earlier one");

            // Then it hands over to the source and gets the data back.
            to.attempt(4).arm(MINUTE);
            to.attempt(4).handOver(NONE);
            to.attempt(4).confirm(NO_LOCKS);
            assertEquals(Optional.of("on"), to.readOnlyDefault());
            assertTrue(new MarkChange(to.control, Ownership.ID, Side.SOURCE, 5).open(to.control));
            assertEquals(Optional.empty(), to.readOnlyDefault());
            assertEquals(Mark.State.OWNS, to.mark().state());
        }
    }
}
