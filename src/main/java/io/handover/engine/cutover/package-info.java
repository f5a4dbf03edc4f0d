/// The cutover: ownership of the data goes from one server to the other, once and completely or not at all.
/// Written for a direction, `from` (owns now) to `to`; a roll back is the same code the other way round.
///
/// # The rule everything hangs on
///
/// `handover.mark` on `from` has one row. `owns → armed → handing_over → handed_over`; each arrow is one
/// statement that names the state and the epoch it expects, so that of several who want to move it exactly
/// one does. The commit of `handed_over` is **the point of no return**: before it everything is undone, after
/// it everything goes forward, and whoever was away asks that row. A **watchdog**, a backend on `from` that
/// needs no client, moves an unconfirmed mark back to `owns` at the deadline.
///
/// # Why the application's sessions wait, and are ended only when the new owner is open
///
/// The design has them ended before the point of no return. Measured on two cores with six writers, the
/// log-ins of those that come back cost more than all the rest: 299–395 ms on the servers and 582–707 ms for
/// the writers, against 105–235 and 359–556 when they are left waiting for the locks. A session that waits
/// does nothing, so it may as well wait until there is somewhere to go.
///
/// Then two are sent ahead, and the others 50 ms later. Measured in the same way: a log-in with its first transaction
/// costs about 100 ms of one core, so six that begin at the same moment all end after 300. With two ahead the
/// application commits again after 317–431 ms (nine of nine pauses) instead of 335–612 (24 pauses). On a server with
/// cores to spare the others lose up to those 50 ms.
///
/// # Why idle sessions are ended last
///
/// Behind the locks no row is committed any more, so the fence may be planted at once, and once it has arrived the
/// stream may be stopped and turned, whoever is still connected. Meanwhile most of the application comes to wait
/// for the locks by itself. The rest is ended only then: whoever is ended early logs in again at once, and on a
/// small server that takes the time of everything else. Where all of them wait when the fence has arrived, as those of
/// a
/// busy application do, nobody has to be ended, and what no stream carries is brought over while the stream is
/// stopped.
///
/// What a session that can write and does not wait could do between the locks and its end, and what becomes of it:
///
/// - **Rows of any table that was there**: the locks, as ever. They do not care who is connected.
/// - **A table that it makes, and rows in it**: refused by `SchemaGuard` from the mark on. Between the locks and
/// the mark, or where the role may not make event triggers: when it is gone the tables are counted, and if one was
/// made all is undone (`Writers.nothingMade`). An ALTER or a DROP needs a lock that it does not get.
/// - **`nextval`, `setval`, a sequence that it makes; large objects**: both sides are looked at when it is gone.
/// Many sequences are brought over before that as well, so that little is left to do then (`Unstreamed`).
/// - **An unlogged table**: locked like the others; one that is made, as above.
/// - **A transaction that did some of that and is still open**: rolled back by its end. One that it has prepared is
/// looked for when it is gone, and anybody left whose transaction has written.
/// - **TRUNCATE and whatever else wants a table alone**: it waits, and every reader behind it, this program among
/// them. Such a one is ended as soon as it is seen; it is looked for every 20 ms while anything is read.
/// - **NOTIFY, advisory locks, temporary tables, its own settings and roles**: nothing of that moves, whenever it
/// is done. It is known by when it began, and whether it may be ended is asked before anything else is waited for.
///
/// Whoever logs in after the list of them was made is read-only by default. In the two other ways to stop writes
/// the sessions are ended before the fence: there locks come later, or not at all.
///
/// # Why the pause does nothing for the first time
///
/// On two processors the pause is bounded by their time, and most of it went into beginnings: statements parsed and
/// planned, methods interpreted and then compiled, lambdas linked. So what the pause will ask is asked a dozen times
/// just before (`PauseTrial`, `WarmUp`; half a second, in which production goes on), until the server keeps its plans
/// and the JVM has compiled; what takes long is not repeated. Trials remember nothing: what the pause brings over early
/// is brought over under the locks, and again looked at in the end.
///
/// # What could lose a row
///
/// - **A commit on `from` after the fence**: EXCLUSIVE locks on all tables from before the fence to after the
///   confirmation; the confirming statement itself checks that the lock session still holds them.
/// - **A writer that queued behind the lock commits on the old owner when it is released**: the lock is not let go
///   before every session older than the read-only default has been ended, and every transaction older than the
///   confirmation; and it does not hang on this program: from just before the confirmation on the backend that
///   holds it keeps it by itself (`LockKeeper`) and does all that alone if nobody tells it to.
/// - **Somebody ends the very backend that keeps the locks, or something else that nobody thought of lets a
/// session write**: nothing holds against that, so it is looked for. When the last old session is gone the old
/// owner's log is read from the fence to its end, by the slot of the stream that has ended. There must be no
/// change in it; if there is one, it is told row by row and the slot stays (`LateChanges`). Not seen: tables
/// that no stream carries.
/// - **A session that is just starting has read the old default and shows in no list**: a starting backend
///   holds a lock on its database: those are waited for, then listed.
/// - **A session that says `READ WRITE` itself, or a role with a default of its own, or
///   `session_replication_role = replica`**: the lock while it is held; from the very commit that lets it go
///   `WriteGuard`, triggers on the old owner that look at the mark and fire always; and a gate names such roles.
/// - **Such a session makes a new table on the old owner and fills it**: `SchemaGuard`, event triggers that
///   look at the same mark. Where the role may not make them (no superuser, and a provider that does not
///   allow it) that is noted.
/// - **A prepared transaction commits later, `COMMIT PREPARED` being allowed in a read-only database**: gate,
///   and looked at again after the freeze.
/// - **The fence arrives although a table does not follow (state not `r`, apply errors)**: both are looked at
///   after the fence has arrived.
/// - **A table is made anew under its name, or on both sides, and no publication has it**: a gate, looked at again when
///   the tables are listed for the locks (hook and views have taken their time since) and, if any has come or gone by
///   then, in the pause, in all three ways to stop writes (`Freeze.madeSince`).
/// - **A table is altered on both sides after they were compared, and its rows with it** (a column is filled from a
///   default that gives each side its own values, a type is changed by `USING`): no stream carries that. A gate asks
///   for another comparison (`pg.AlteredTables`), and it is looked at again in the pause, beside the last rows.
/// - **A table is truncated, and one side is PostgreSQL 10, which neither publishes that nor understands it**: the
///   same, by the file each table had when it was compared.
/// - **Somebody has tampered with the stream since both sides were compared**: the slot was dropped and made anew, a
///   transaction skipped, a publication told to leave out changes, a table taken out of it for a while, a trigger on
///   `to` told to fire for streamed rows. No error and no lag shows it. A gate asks for another comparison
///   (`pg.StreamChanges`, which says what it cannot see).
/// - **A table is partitioned on `to` only**: its leaves are published as that table (`Publications.make`), or the old
///   owner could not follow, which showed after the confirmation.
/// - **Another subscription of the user's feeds `from`; apply workers heed no read-only default**: a
///   gate. Open: one that is enabled after the gates were read.
/// - **Sequences and large objects change after they were read**: they are looked at, on both sides, when each session
/// that began before the read-only default waits for the lock or has been ended, and again if one of them has
/// stopped waiting by the confirmation. What was brought over before that only leaves less to do. Unlogged tables are
/// locked as all others are, so they are read as soon as the locks are held; whether one was made since is looked at
/// when the sessions are settled.
/// - **The stream still applies what was committed before the locks while sequences are brought over early, and a
/// trigger on the new owner that fires for it (ENABLE ALWAYS) draws from one**: the look, which is at both sides, comes
/// after the stream has stopped.
/// Between that look and its end, a second at most, a session whose own time limit
///   ends its wait could still draw from a sequence: that is looked for, the new owner is moved past it, and the
///   report says so. It could also write a large object and nothing else: that would be lost. Open.
/// - **`to` crashes: its apply worker commits asynchronously**: one synchronous commit on `to` after the
///   worker has gone and before the confirmation makes all before it durable.
/// - **`from` crashes and forgets the confirmation**: the session that confirms has `synchronous_commit =
///   on`.
/// - **What is brought over beside the rest (`Passengers`) is not there yet when it is confirmed**: nothing goes on
/// before each of them has ended well, and what makes it durable comes after that.
/// - **The stream is stopped too early**: it is told to stop when the fence has arrived, after which it has
///   nothing to bring; an undo lets it go on from wherever it stands.
/// - **What is tried before the freeze so that it costs less in it is done for good**: each move of a mark is tried in
/// one statement, which takes itself back; the confirmation is only planned.
/// - **A write on `to` that the way back does not see**: the reverse slot exists before `to` is opened.
/// - **A server is failed over to a standby that lacks the last transactions**: not handled: a promoted
///   standby that lost the mark is for a person; the epoch tells.
///
/// # What could double or contradict
///
/// - **Watchdog and confirmation both win**: one row, one state, both name what they expect; the row's lock
///   orders them.
/// - **The confirmation's answer is lost**: Handover asks the mark on a new connection by trying to take it
///   back; if nobody answers until well past the deadline the outcome is `Ambiguous`, never a guess.
/// - **Two Handovers drive one migration**: each arms with a new epoch; every later statement names it; an
///   undo that finds another epoch touches nothing more.
/// - **Changes that came forward are sent back**: the reverse slot is made when the forward worker has gone
///   and before anybody writes.
/// - **A fence row collides with an old one and stops the apply worker for good**: fence rows have random
///   keys and are only inserted and deleted.
/// - **A hook runs twice after a crash**: it must bear that; said where it is entered.
///
/// # What could leave `from` blocked
///
/// - **The computer dies while the lock is held**: its session ends, the lock with it. If the network just
///   falls silent the server does not notice: the session has an `idle_in_transaction_session_timeout`, and
///   the watchdog ends it.
/// - **The computer dies with the read-only default set**: the watchdog.
/// - **The mark's row is held by a transaction whose client has vanished, and the watchdog waits for it**:
///   every change of the mark is one message of the simple protocol: the server has all of it or nothing.
/// - **Sessions that began during the read-only time stay read-only after an undo**: they are ended, by
///   whoever undid (Handover, the watchdog, the keeper of the locks where somebody has ended both), and
///   since when is forgotten then: whoever undoes once more, as Retry does, would end the application's new
///   ones. One that logged in slowly counts by when it may have read the settings, and those just starting
///   are waited for (`StaleSessions`).
/// - **The backend that keeps the lock by itself goes on when its client has died before the confirmation**: it lets
///   go as soon as the mark is taken back, which the watchdog does at the deadline; the watchdog ends it too.
/// - **The lock waits behind a long transaction and everybody waits behind the lock**: `lock_timeout` of a
///   fraction of a second, then roll back, a pause three times as long, and again; who blocks is shown.
/// - **Autovacuum holds the table and is only pushed aside after `deadlock_timeout`**: before EXCLUSIVE the
///   session takes SHARE UPDATE EXCLUSIVE, for which no writer has to wait, with a longer limit.
/// - **Deadlock with the application**: the short limit ends ours first.
/// - **A setting that cannot be changed is found out in the pause (a right that is missing, somebody's open
///   transaction)**: the rehearsal tries the read-only default and the end of the stream by their own
///   statements and rolls them back (`SettingTrials`). Nobody sees that; whoever changes the same setting
///   waits a moment for it.
/// - **The slot on `to` waits for somebody's open transaction**: gate, a try before the freeze, and a time
///   limit within the pause.
/// - **One part of what is brought over hangs, another has failed**: the first failure ends the waiting, and an undo
/// breaks the rest off once the source is writable again.
/// - **The stream is behind when writes are stopped**: the pause would last as long as that. A fence is sent
///   again and again before, for ten seconds at most, until one arrives within 50 ms.
/// - **A hook hangs**: time limit; `before-freeze` runs before anything is stopped, `switch` when all is
///   open.
/// - **The journal's disk hangs in the pause**: nothing in the pause depends on it but one line before the
///   confirmation; the watchdog does not wait for it.
/// - **No connection left when one is needed**: all are opened before the freeze, with a spare.
/// - **`from` crashes with the read-only default set, and Handover dies with it: no watchdog survives a
///   server**: the one double fault left: `from` stays read-only until Handover is started again, which
///   undoes it.
/// - **The reverse slot or the disabled forward subscription is forgotten, and a disk fills**: undo and
///   restart remove the one and enable the other; what could not be done is a problem that names the SQL.
///
/// # Which ways to stop writes there are, and which there are not
///
/// - **Locks** (the default), and **read-only with every session ended**, which also takes the locks as soon
///   as the sessions are gone. These two are enforced for every role and every kind of backend, and both are
///   undone by the watchdog.
/// - **PgBouncer's PAUSE** is an addition to either: its clients wait there instead of being ended. It stops nobody
///   else, so it guards nothing, and what goes wrong with it costs errors, not rows (`Poolers`).
/// - **The application's own maintenance mode** is the hook before-freeze, an addition too.
/// - **By role**: `ALTER ROLE … IN DATABASE … SET default_transaction_read_only = on` for the roles that the
///   plan names, in the transaction of the mark; then exactly their sessions are ended, and the locks are
///   taken. See below.
/// - `NOLOGIN` holds in all databases of the server, and is left out.
/// - Ending connections by `CONNECTION LIMIT`, `REVOKE CONNECT` or `ALLOW_CONNECTIONS` cuts off readers, or the
///   stream.
///
/// # By role: how it can lose, double or block something
///
/// The sessions of all other roles (monitoring, reports, DBAs) go on, with the right to write that they began
/// with. So what guards the rows is what holds for them too: the locks up to the release, `WriteGuard` after
/// it.
///
/// - **There is no room for the locks**: undone. The two other methods can do without where everybody is
///   ended.
/// - **A role that is not named writes a row**: it waits for the locks. Whoever waits for them when they go
///   is ended, whoever comes later is refused by `WriteGuard`.
/// - **Its transaction took its snapshot before the confirmation, so that `WriteGuard` would not see the
///   mark**: `LockKeeper` ends whoever has such a snapshot, or waits, when the locks are to go. A report that
///   is one long statement or REPEATABLE READ transaction is ended then, after the point of no return: nobody
///   can tell whether it would write. Sessions that are idle stay, also idle in a transaction that holds no
///   snapshot (many drivers keep one until the next statement).
/// - **It writes what neither locks nor triggers guard (large objects; unlogged tables after the release)**:
///   a gate that nobody can override, and looked at again in the pause. When Handover rolls back by itself
///   and there are some, everybody's sessions are ended instead.
/// - **It makes a large object on the old owner after it was confirmed, the database's first**: nothing can
///   hold that back. No trigger fires for it, no log can be read for it, and to take EXECUTE on `lo_create`
///   and its like from PUBLIC would hold no superuser, could be done by a superuser only, and would be one
///   more thing to put back on a production server. So it is looked for (`LateObjects`): all that is there
///   was made since, as there was none before. It is told like a late row if it is there when the old
///   sessions are gone; later by a gate, before every roll back, and by retire. A roll back takes none of
///   them away, nor does one that asks no gate.
/// - **It makes a table in the pause**: `SchemaGuard` refuses that from the mark on, so where the role may
///   not make event triggers a gate is closed, and the cutover is refused; a transaction that wrote before
///   is found by the look for writers, and the list of tables is read again, both also just before the
///   confirmation.
/// - **It draws from a sequence in the pause**: sequences are brought over again while writers come to wait,
///   and looked at once more after the release, as in the other methods; the report says so.
/// - **It wants ACCESS EXCLUSIVE (TRUNCATE, ALTER TABLE), and every reader waits behind it**: it is ended.
/// - **It holds a lock on a table for long**: the locks are tried for some seconds of the pause, then all is
///   undone. So it is if one that writes elsewhere (also into a temporary table) does not end its transaction
///   within a second.
/// - **This program dies between the settings of the roles and the mark**: they are one transaction.
/// - **A role had a setting of its own for this database**: `handover.frozen_role` has it, written by the
///   same transaction, and whoever takes the mark back (Handover, the watchdog, the keeper of the locks, the
///   opening of a roll back) puts it back in the transaction that moves the mark. It is kept until it has
///   been put back: an attempt that finds a role still read-only by an earlier one keeps the older note.
/// - **A role was renamed, dropped, or dropped and made again meanwhile**: it is known by its OID. A dropped
///   one's settings went with it, and a new one of the same name has never been changed.
/// - **A role cannot be put back (somebody is just dropping or altering it, a right was lost)**: that must
///   not keep the mark from being taken back. Each role is tried by itself, never longer than two seconds for
///   a lock; what is left is tried again by an undo, retire and discard, and told with its SQL.
/// - **Sessions that began meanwhile stay read-only after an undo**: those of the named roles are ended, no
///   others.
/// - **A session of a named role is just starting and has read the old setting**: waited for and ended, as
///   with the database's default.
/// - **The name is a group's**: its members log in under other names, are not read-only and not ended: a
///   gate.
/// - **The role is a superuser's, or ours may not alter it**: a gate; the rehearsal tries it and rolls it
///   back. Ours need be no superuser for all this on a source from 16 on, where a provider lets it make
///   event triggers: CREATEROLE with the ADMIN option on the named roles, `pg_signal_backend`, and what a
///   migration needs anyway (`PlainRoleFreezeTest`). Before 16 only a superuser can make the subscription
///   of the way back. A named superuser is read-only by default like others and may say READ WRITE like
///   others.
/// - **A named role has a replication connection**: it is not ended; nothing is written by it.
/// - **Rolling back**: the roles of those names on the target. None of them there is a gate; when Handover
///   rolls back by itself, the locks alone do it.
///
/// # PgBouncer, and what could leave its clients waiting
///
/// PAUSE outlives the console's connection. It is said when the mark is armed, so that a restart finds the journal's
/// intent and asks the mark; RESUME is said in each undo, after the switch hook, and in both cases after a restart.
///
/// - **This program dies, or its computer**: nobody says RESUME before it is started again. The clients wait as long
///   as `query_wait_timeout` lets them; the data was given back by the watchdog. Said on the page and in
///   `docs/HOOKS.md`.
/// - **The console cannot be reached when it is time for RESUME**: tried for 20 seconds on new connections, then a
///   note with the command, and the gate says that its clients wait.
/// - **Confirmed, and the new owner does not open; or the old owner does not say whether it has confirmed**: they
///   are left waiting, with a note: there is nowhere to go.
/// - **A long transaction, or session pooling**: PAUSE is tried for a second, taken back for three, and again, until
///   the time for the freeze is over; then everything is undone.
///
/// # What may be overridden
///
/// The gates are read once more by the cutover itself. One that is closed and costs no row holds if a person has
/// overridden exactly what it reads now; `engine.GateQuestions` says for each gate whether that is possible. The
/// automatic way back asks no gate.
package io.handover.engine.cutover;
