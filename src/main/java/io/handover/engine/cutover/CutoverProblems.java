package io.handover.engine.cutover;

import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.HookRun;
import io.handover.model.Pooler;
import io.handover.model.Problem;
import io.handover.model.Session;
import io.handover.model.Side;
import io.handover.model.UnsentChanges;
import io.handover.pg.LateObjects;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a person reads when a cutover was undone, or is not as it should be.
final class CutoverProblems {

    private static final String UNDONE = "Everything was undone: nothing was lost, the owner takes writes again.";

    private static final int LATE_SHOWN = 20;

    private CutoverProblems() {}

    static Problem gatesClosed(GatesView gates) {
        List<GateReading> closed = gates.blocking();
        return new Problem(
                "gates-closed",
                closed.isEmpty()
                        ? "The conditions could not be read."
                        : "Not all conditions hold: "
                                + closed.stream().map(GateReading::title).collect(Collectors.joining("; ")) + ".",
                "Nothing was stopped and nothing changed hands.",
                closed.isEmpty()
                        ? "See that both servers can be reached, then try again."
                        : closed.stream().map(GateReading::remedy).collect(Collectors.joining("\n")),
                closed.stream().map(gate -> gate.id() + ": " + gate.detail()).collect(Collectors.joining("\n")));
    }

    static Problem hookRefused(HookRun run) {
        return new Problem(
                "hook-before-freeze",
                "The hook before-freeze ended with " + run.exit() + ".",
                "Nothing was stopped and nothing changed hands.",
                "Read what the hook printed, then try again.",
                run.output());
    }

    static Problem identities(Side side, String tables) {
        return new Problem(
                "replica-identity",
                "Tables on the " + side.word() + " have no replica identity: " + tables + ".",
                "On the way back every UPDATE and DELETE on them would fail for the application. Nothing was stopped.",
                "Give them a primary key or REPLICA IDENTITY FULL on the " + side.word() + ", then try again.",
                "");
    }

    static Problem late(Duration deadline, String waitedFor) {
        return new Problem(
                "deadline",
                "The deadline of " + seconds(deadline) + " passed while " + waitedFor + ".",
                UNDONE,
                "Find out what took so long, or allow more time, then try again.",
                "");
    }

    static Problem blocked(Duration tried, String who) {
        return new Problem(
                "freeze-blocked",
                "Writes could not be stopped within " + seconds(tried) + ": others held the tables all the time.",
                UNDONE,
                "Wait for these sessions or end them, then try again.",
                who);
    }

    static Problem tooManyTables(String details) {
        return new Problem(
                "too-many-locks",
                "The server has no room for so many locks.",
                UNDONE,
                "Stop writes by ending sessions instead, or raise max_locks_per_transaction (needs a restart).",
                details);
    }

    static Problem cannotEnd(List<Session> sessions) {
        return new Problem(
                "session-not-endable",
                "These sessions could not be ended, and they might go on writing to the old owner.",
                UNDONE,
                "Disconnect them, or connect Handover as a superuser or a member of pg_signal_backend, then try again.",
                lines(sessions));
    }

    static Problem writing(List<Session> sessions) {
        return new Problem(
                "still-writing",
                "Some backends still have a transaction that writes.",
                UNDONE,
                "Find out what they are and stop them, then try again.",
                lines(sessions));
    }

    static Problem noSuchRole(Side from, List<String> missing) {
        return new Problem(
                "freeze-roles",
                "The " + from.word() + " has no role " + String.join(", ", missing) + ".",
                UNDONE,
                "Name the roles of the application as they are there, or choose another way to stop writes.",
                "");
    }

    static Problem schemaUnguarded(Side from) {
        return new Problem(
                "freeze-roles",
                "The role of Handover may not make event triggers on the " + from.word() + ".",
                UNDONE + " Sessions of roles that are not named could make a table there, and its rows would be lost.",
                "Connect as a superuser, or choose another way to stop writes.",
                "");
    }

    static Problem unguarded(List<String> what) {
        return new Problem(
                "freeze-roles",
                "A freeze by role cannot hold back writes of other roles to " + String.join(", ", what) + ".",
                UNDONE,
                "Choose another way to stop writes.",
                "");
    }

    static Problem tablesMade(List<String> tables) {
        return new Problem(
                "tables-made",
                "Tables were made that nobody follows: " + String.join(", ", tables) + ".",
                UNDONE,
                "Have them follow, as the gate \"Every table follows\" says, then try again.",
                "");
    }

    static Problem prepared(List<String> transactions) {
        return new Problem(
                "prepared-transactions",
                "There are prepared transactions; any of them may be committed at any time.",
                UNDONE,
                "COMMIT PREPARED or ROLLBACK PREPARED each of them, then try again.",
                String.join("\n", transactions));
    }

    static Problem poolerSilent(Pooler pooler, String why) {
        return new Problem(
                "pooler-silent",
                pooler.words() + " could not be told to pause " + pooler.database() + ".",
                UNDONE,
                "See that its console answers and that " + pooler.console().user()
                        + " is one of its admin_users, or take it out of the cutover's options; then try again.",
                why);
    }

    static Problem poolerBusy(Duration tried) {
        return new Problem(
                "pooler-busy",
                "PgBouncer could not pause within " + seconds(tried)
                        + ": transactions through it went on all the time.",
                UNDONE,
                "Wait until they have ended; with session pooling every client has to leave first. Then try again.",
                "");
    }

    static Problem fenceLate(Duration deadline, String why) {
        return new Problem(
                "fence-late",
                "The last changes had not arrived when the deadline of " + seconds(deadline) + " passed.",
                UNDONE,
                "See why the follower does not keep up, then try again.",
                why);
    }

    static Problem streamUnsound(String what) {
        return new Problem(
                "stream-unsound",
                "The stream cannot be trusted: " + what + ".",
                UNDONE,
                "Mend the stream, verify, then try again.",
                "");
    }

    static Problem tookBack(String why) {
        return new Problem(
                "taken-back",
                "The handing over was not confirmed in time: " + why + ".",
                UNDONE,
                "Try again; allow more time if it happens again.",
                "");
    }

    static Problem journal(String details) {
        return new Problem(
                "journal",
                "The migration's journal could not be written in the middle of the cutover.",
                UNDONE,
                "Make room on the disk that holds Handover's data folder, then open the migration again.",
                details);
    }

    static Problem stopped() {
        return new Problem("stopped", "The cutover was stopped on request.", UNDONE, "Begin again when it suits.", "");
    }

    static Problem interrupted() {
        return new Problem(
                "interrupted", "Handover was closed in the middle of the cutover.", UNDONE, "Begin again.", "");
    }

    static Problem bug(Throwable e) {
        return new Problem(
                "internal",
                "Handover failed in the middle of the cutover.",
                UNDONE,
                "Try again; if it happens again, report it with the log file.",
                String.valueOf(e));
    }

    static Problem somebodyElse(Side from) {
        return new Problem(
                "mark-elsewhere",
                "The mark on the " + from.word() + " belongs to another attempt: another Handover has taken over.",
                "This one has let go of its locks and touches nothing more.",
                "Go on where the other one runs, or attach to the migration again.",
                "");
    }

    static Problem ownerSilent(Side from, SQLException why) {
        return new Problem(
                "owner-silent",
                "The " + from.word() + " does not answer, so Handover cannot undo the cutover there.",
                "Its watchdog gives the data back at the deadline, unless the server itself went down: then it comes back"
                        + " read-only for new sessions.",
                "See that the " + from.word()
                        + " runs and can be reached, then retry: Handover asks it how things stand.",
                SqlFailure.state(why) + " " + why.getMessage());
    }

    static Problem unclear(Side from, SQLException why) {
        return new Problem(
                "confirmation-unclear",
                "The " + from.word() + " did not say whether it has handed over the data.",
                "Either it owns the data still, or the other side does; never both. Nobody can tell until it answers.",
                "Bring the " + from.word()
                        + " back, then retry. If it is lost for good: read handover.mark on a copy of it;"
                        + " handed_over means that the other side owns the data.",
                SqlFailure.state(why) + " " + why.getMessage());
    }

    /// @param slot of the old stream
    static Problem late(UnsentChanges late, String slot) {
        Side from = late.owner();
        String rows = late.first().stream()
                .map(change -> change.kind() + " " + change.table().display() + " " + change.key())
                .limit(LATE_SHOWN)
                .collect(Collectors.joining("; "));
        return new Problem(
                Problem.LATE_WRITES,
                "Something was written on the " + from.word() + " after it had handed over: " + late.count()
                        + (late.count() == 1 ? " change" : " changes") + " that the "
                        + from.other().word() + " does not have.",
                "The " + from.other().word() + " owns the data and takes writes; these rows are on the " + from.word()
                        + " alone.",
                "Look at them and bring over what is needed, by hand. Until then the slot " + slot
                        + " stays there, and keeps the log. In full: select * from"
                        + " pg_logical_slot_peek_binary_changes('" + slot
                        + "', null, null, 'proto_version', '1', 'publication_names', '" + slot
                        + "'). Then: select pg_drop_replication_slot('" + slot + "').",
                rows + (late.count() > LATE_SHOWN ? "; and more" : ""));
    }

    /// @param rows that were written there too
    static Problem lateObjects(Side from, List<String> objects, Optional<Problem> rows) {
        String to = from.other().word();
        return new Problem(
                Problem.LATE_WRITES,
                rows.map(problem -> problem.what() + " ").orElse("")
                        + "Large objects were made on the " + from.word() + " after it had handed over: "
                        + objects.size()
                        + " that the " + to + " does not have.",
                "The " + to + " owns the data and takes writes; what is named here is on the " + from.word()
                        + " alone.",
                rows.map(problem -> problem.action() + " ").orElse("")
                        + "Bring over what is needed of the large objects, by hand: select lo_get(number) there, select"
                        + " lo_from_bytea(number, content) on the " + to + ". What is not needed, on the " + from.word()
                        + ": " + LateObjects.removal(objects),
                rows.map(problem -> problem.details() + "; ").orElse("") + String.join("; ", objects));
    }

    static Problem streamDisabled(Side from, String subscription, SQLException why) {
        Side to = from.other();
        return new Problem(
                "stream-disabled",
                "The " + from.word() + " takes writes again, but the stream could not be enabled on the " + to.word()
                        + ".",
                "Nothing is lost: the " + from.word() + " keeps its log for it, which takes room on its disk.",
                "See that the " + to.word() + " runs and can be reached, then retry. By hand: alter subscription "
                        + subscription + " enable",
                SqlFailure.state(why) + " " + why.getMessage());
    }

    static Problem notOpened(Side to, Problem why) {
        return new Problem(
                "not-opened",
                "The " + to.word() + " owns the data, but could not be opened: " + why.what(),
                "Nothing is lost. The old owner is read-only.",
                "See that the " + to.word() + " runs and can be reached, then retry.",
                why.details());
    }

    static Problem switchFailed(HookRun run, Side to, boolean willRollBack) {
        return new Problem(
                "hook-" + run.name(),
                "The hook " + run.name() + " ended with " + run.exit() + " after the " + to.word() + " had taken over.",
                willRollBack
                        ? "The data is handed back; nothing is lost."
                        : "The " + to.word() + " owns the data; the application may not know it.",
                willRollBack
                        ? "Read what the hook printed, mend it, then try again."
                        : "Read what the hook printed, and point the application to the " + to.word() + " by hand.",
                run.output());
    }

    static Problem rolledBack(Problem why) {
        return new Problem(
                why.code(),
                why.what() + " It was rolled back automatically.",
                "Nothing is lost: everything written meanwhile is on the old owner, which owns the data again.",
                why.action(),
                why.details());
    }

    static Problem notRolledBack(Problem why, Side owner, String reason) {
        return new Problem(
                why.code(),
                why.what() + " It could not be rolled back automatically: " + reason,
                "The " + owner.word() + " owns the data and takes writes.",
                "Point the application to the " + owner.word() + ", or mend the reason and roll back by hand.",
                why.details());
    }

    private static String lines(List<Session> sessions) {
        return sessions.stream()
                .map(session -> session.display() + (session.query().isBlank() ? "" : ": " + session.query()))
                .collect(Collectors.joining("\n"));
    }

    private static String seconds(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        return (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds)) + " s";
    }
}
