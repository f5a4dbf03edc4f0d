package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;

/// Moves the mark of one attempt on `from`. Each move names the epoch and the state it expects, so that of
/// several who try exactly one succeeds, and each is **one message** to the server: a client that vanishes
/// has sent all of it or nothing, and never leaves the row locked. Therefore the session must speak the
/// simple protocol (`Server.openSimple`).
public final class MarkChange {

    /// Raised when the mark is not as expected.
    private static final String NOT_AS_EXPECTED = "HO001";

    /// Raised to take a trial back.
    private static final String TRIED = "HO002";

    private final DbSession session;
    private final MigrationId id;
    private final Side owner;
    private final long epoch;

    /// For the attempt `epoch`.
    ///
    /// @param session to `owner`, autocommit, in the simple protocol
    /// @param owner   the side that owns the data now
    public MarkChange(DbSession session, MigrationId id, Side owner, long epoch) {
        this.session = session;
        this.id = id;
        this.owner = owner;
        this.epoch = epoch;
    }

    /// `owns → armed`, and remembers the database's read-only default. A server without a mark counts as the
    /// owner only if it is the source, where every migration begins.
    ///
    /// @return false if the mark is not `owns`, is somebody else's, or has this epoch or a later one already
    public boolean arm(Duration untilDeadline) throws SQLException {
        return attempt("""
                declare m record;
                begin
                  select * into m from handover.mark where id = 1 for update;
                  if not found and '%3$s' = 'source' then
                    insert into handover.mark (id, migration, epoch, owner, state) values (1, '%1$s', 0, 'source', 'owns');
                    select * into m from handover.mark where id = 1 for update;
                  end if;
                  update handover.mark
                     set epoch = %2$d, state = 'armed', deadline = clock_timestamp() + interval '%4$d milliseconds',
                         marked_at = null,
                         read_only_before = %5$s
                   where id = 1 and migration = '%1$s' and owner = '%3$s' and state = 'owns' and epoch < %2$d;
                  if not found then raise 'the mark is not as expected: %%', m using errcode = 'HO001'; end if;
                end
                """.formatted(id, epoch, owner.word(), untilDeadline.toMillis(), ReadOnlyDefault.OF_DATABASE));
    }

    /// Sets the deadline anew: it counts from the moment writes were stopped.
    ///
    /// @return false if the mark is no longer `armed` by this attempt
    public boolean setDeadline(Duration fromNow) throws SQLException {
        return session.change("""
                        update handover.mark set deadline = clock_timestamp() + interval '%d milliseconds'
                         where %s and state = 'armed' and clock_timestamp() < deadline
                        """.formatted(fromNow.toMillis(), ours())) == 1;
    }

    /// `armed → handing_over`, and in the same transaction the database becomes read-only for new sessions.
    ///
    /// @param margin how much time must be left until the deadline
    /// @return false if it is too late, or the mark is no longer `armed` by this attempt
    public boolean handOver(Duration margin) throws SQLException {
        return attempt(handOverBlock(margin));
    }

    private String handOverBlock(Duration margin) {
        return """
                begin
                  update handover.mark
                     set state = 'handing_over', marked_at = clock_timestamp(), writable = %s
                   where %s and state = 'armed' and clock_timestamp() < deadline - interval '%d milliseconds';
                  if not found then raise 'the mark is not as expected' using errcode = 'HO001'; end if;
                  execute format('alter database %%I set default_transaction_read_only = on', current_database());
                end
                """.formatted(StaleSessions.WRITABLE, ours(), margin.toMillis());
    }

    /// The same by role: these become read-only in this database for new sessions, and the database stays as
    /// it is.
    ///
    /// @param roles  their OIDs; one that is gone is passed over
    /// @param margin how much time must be left until the deadline
    /// @return false if it is too late, or the mark is no longer `armed` by this attempt
    public boolean handOver(Collection<Long> roles, Duration margin) throws SQLException {
        return attempt("""
                declare r record;
                begin
                  update handover.mark
                     set state = 'handing_over', marked_at = clock_timestamp(), writable = %s
                   where %s and state = 'armed' and clock_timestamp() < deadline - interval '%d milliseconds';
                  if not found then raise 'the mark is not as expected' using errcode = 'HO001'; end if;
                  %s
                end
                """.formatted(
                        StaleSessions.WRITABLE,
                        ours(),
                        margin.toMillis(),
                        FrozenRoles.freeze(roles, epoch).indent(10).strip()));
    }

    /// Tries what the pause will do to both marks, and takes it back at once: the first time a session does any
    /// of it costs it several times as much. Each trial is one statement, so a client that vanishes leaves
    /// nothing open; `confirm` is planned only. Somebody who wants the same row or setting waits for a moment.
    ///
    /// @param to    as for `open`
    /// @param guard as `confirm` will have it
    public void rehearse(DbSession to, FreezeLock.Guard guard) throws SQLException {
        attempt(session, tried(handOverBlock(Duration.ZERO)));
        session.change("explain " + confirmation(guard));
        attempt(to, tried(openBlock()));
    }

    private static String tried(String block) {
        return """
                begin
                  begin
                    set local lock_timeout = '1s'; -- somebody else's change of the setting: then it is done untried
                    %s;
                    raise 'only tried' using errcode = '%s';
                  exception when sqlstate '%s' or lock_not_available then
                    null;
                  end;
                end
                """.formatted(block.strip(), TRIED, TRIED);
    }

    /// `handing_over → handed_over`: **the point of no return**.
    ///
    /// @param lock the session whose locks must still be there, checked by the same statement
    /// @return false if it is too late, the mark was taken back, or the locks are gone
    /// @throws SQLException if the connection was lost: then it may or may not have happened; see `takeBack`
    public boolean confirm(FreezeLock.Guard lock) throws SQLException {
        return session.change(confirmation(lock)) == 1;
    }

    private String confirmation(FreezeLock.Guard lock) {
        return """
                update handover.mark set state = 'handed_over', owner = '%s'
                 where %s and state = 'handing_over' and clock_timestamp() < deadline and %s
                """.formatted(owner.other().word(), ours(), lock.condition());
    }

    /// Tells `LockKeeper` that the locks may go: what is `handed_over` needs no deadline any more. Nothing happens if
    /// the mark is elsewhere.
    public void letGo() throws SQLException {
        session.change("update handover.mark set deadline = null where %s and state = 'handed_over'".formatted(ours()));
    }

    /// `armed` or `handing_over → owns`, with the read-only default as it was before, roles that an earlier
    /// attempt could not put back included. Nothing else happens if the attempt is over already, either way:
    /// read the mark to learn which.
    ///
    /// @return false if the mark belongs to another attempt or migration, or there is none
    public boolean takeBack() throws SQLException {
        return attempt("""
                declare m record;
                begin
                  select * into m from handover.mark where %s for update;
                  if not found then raise 'the mark is not as expected' using errcode = 'HO001'; end if;
                  if m.state in ('armed', 'handing_over') then
                    update handover.mark set state = 'owns', deadline = null where id = 1;
                  end if;
                  if m.state = 'handing_over' then
                    %s
                  elsif m.state <> 'handed_over' then
                    %s
                  end if;
                end
                """.formatted(
                        ours(),
                        ReadOnlyDefault.PUT_BACK.indent(10).strip(),
                        FrozenRoles.PUT_BACK.indent(10).strip()));
    }

    /// Forgets when the database became read-only, once the sessions that began since have been ended: who
    /// begins after it was taken back is not read-only, and must not be ended by whoever asks once more.
    /// Nothing happens unless the mark is `owns`.
    public void forgetReadOnly() throws SQLException {
        var _ = attempt("""
                begin
                  update handover.mark set marked_at = null, writable = null where %s and state = 'owns';
                  if found then
                    %s
                  end if;
                end
                """.formatted(ours(), FrozenRoles.FORGET.indent(10).strip()));
    }

    /// On the **new** owner: writes down that it owns the data since attempt `epoch`, and takes back the
    /// read-only default that an earlier attempt gave it. Doing it again changes nothing.
    ///
    /// @param to a session to the new owner, in the simple protocol
    /// @return false if its mark is from a later attempt or another migration
    public boolean open(DbSession to) throws SQLException {
        return attempt(to, openBlock());
    }

    private String openBlock() {
        return """
                declare m record;
                begin
                  select * into m from handover.mark where id = 1 for update;
                  if not found then
                    insert into handover.mark (id, migration, epoch, owner, state, marked_at)
                    values (1, '%1$s', %2$d, '%3$s', 'owns', clock_timestamp());
                  elsif m.migration <> '%1$s' or m.epoch > %2$d then
                    raise 'the mark is not as expected: %%', m using errcode = 'HO001';
                  elsif m.epoch < %2$d then
                    update handover.mark
                       set epoch = %2$d, owner = '%3$s', state = 'owns', deadline = null, marked_at = clock_timestamp()
                     where id = 1;
                    if m.state = 'handed_over' then
                      %4$s
                    end if;
                  end if;
                end
                """.formatted(
                        id,
                        epoch,
                        owner.other().word(),
                        ReadOnlyDefault.PUT_BACK.indent(10).strip());
    }

    private String ours() {
        return "id = 1 and migration = '%s' and epoch = %d".formatted(id, epoch);
    }

    private boolean attempt(String block) throws SQLException {
        return attempt(session, block);
    }

    private static boolean attempt(DbSession session, String block) throws SQLException {
        try {
            session.change("do $handover$\n" + block + "$handover$");
            return true;
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals(NOT_AS_EXPECTED)) {
                return false;
            }
            throw e;
        }
    }
}
