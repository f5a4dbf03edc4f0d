/// The steps of a migration, one file a step. A step does its work on its own thread, reports through its
/// context, and ends in a value.
///
/// # A copy that is broken off
///
/// One publication, one slot, one subscription, also after an interruption. A second slot with a snapshot of
/// its own for the rest was the first design; it would have made everything after the copy (comparison, gates,
/// cutover, removal) work on several streams, and PostgreSQL's own table synchronisation brings the rest
/// exactly as well: each table is copied from a snapshot of its own and handed to the one apply worker at the
/// very position both have reached. Until then the apply worker skips that table's changes, as it skips those
/// of tables that are not in `pg_subscription_rel` at all.
///
/// As long as the snapshot lives (`SnapshotCopy`) a broken connection costs the piece it was copying. Once it
/// is gone (`RestOfCopy`): empty what is not copied whole; take it out of the publication; build keys;
/// subscribe for what is copied, without copying; put the rest back into the publication; refresh the
/// subscription with copying; watch until all tables are ready; pause the stream until the indexes are built.
///
/// # A copy from server to server
///
/// The same with nothing copied before (`RestOfCopy.ofNothing`): a slot without a snapshot, keys, a
/// subscription that has the fence alone, then all tables put into the publication and refreshed with
/// copying. Keys are built before the rows come, because until a table is ready its changes are looked up by
/// them; all other indexes after. A stop or the end of this program leaves the servers at it. A failure
/// before there is a subscription leaves nothing.
///
/// # A copy through an archive
///
/// `pg_dump` writes it out of the slot's snapshot, which is let go then; `pg_restore` reads it back by table,
/// and each table is committed by a session of Handover's own together with the note of it (`ArchivedRows`
/// says what could go wrong). So what is below about a copy that is broken off holds for it too, once the
/// archive is whole. Broken off before, nothing is on the target: archive, slot and publication go, and it
/// begins anew.
///
/// # Several waves
///
/// The first wave is copied out of the slot's snapshot, as if nothing else were to move; then it lies there
/// as what a copy that was broken off has kept, and `RestOfCopy` goes on: keys, a subscription for it, and
/// wave by wave the next tables into the publication, refreshed with copying. A wave begins once every table
/// of those before follows the stream, so no snapshot is older than a wave takes, and the slot keeps no more
/// log than the first wave needs.
///
/// - **A table is in two waves, or in none**: `model.Waves` divides the list of all; whatever is not in the log is in
///   none, and copied at the end.
/// - **Waves would be divided otherwise after an interruption**, because sizes have changed: the division is in the
///   journal, and kept to. What is subscribed stays so and comes first; tables that nobody knew of come last.
/// - **A table of a later wave is changed before its turn**: it is not in `pg_subscription_rel`, so the apply worker
///   skips it; its own snapshot has the change.
/// - **A foreign key leads to a table of a later wave**: foreign keys are made after the last, as after any copy.
///
/// # Indexes beside a copy
///
/// Once a table is copied, flushed and journalled, its indexes are built while others are still copied
/// (`EarlyIndexes`), as far as they need its own rows alone (`pg.LoneIndex`) and the table is big enough to be worth
/// it; smaller ones are packed in the index stage. Only what takes SHARE on the table: indexes, and those of keys that
/// are not deferrable. The keys themselves, partitions' joining, foreign keys, statistics and all else are the index
/// stage's, which goes on with what is being built when the rows are there: a worker of its own waits for each, so that
/// no more is at work than was planned. Only in a copy through this program, out of one snapshot, in one wave. While
/// large objects are copied none is begun.
///
/// - **An index is built twice, or is called built and is not**: an index is noted in the transaction that makes it,
///   a key's index is made only where it is not there. What is begun is told to the index stage before that looks what
///   is open.
/// - **It is built on a table that is not whole**: a table is ready once its note is on the disk. The log is one
///   sequence: a crash of the target that takes back a table's rows takes back the index and its note, too. A table
///   that is emptied or copied by another way was never ready. Whoever looks what is there after an interruption
///   (`RestOfCopy`, the next try of the same snapshot) does so after the builders have ended.
/// - **A run that was killed left one at work**: its backend does not notice, and would commit what the next run is
///   about to build. Such backends are ended and awaited before anything is built (`pg.BuildSessions`).
/// - **It reads another table, whose rows are not there yet**: a function of the user's in an expression or predicate
///   can. Such an index waits for all rows.
/// - **It refuses what the source allows**, when a copy that was broken off follows the stream already: the index of a
///   deferrable key alone would. It waits, too.
/// - **It waits for a copy, or a copy for it**: a ready table has no COPY any more; tables that inherit wait, since a
///   key of the parent may lock its heirs.
/// - **The snapshot is held longer because the target is busy**: see `Headroom`. The number of processors cannot be
///   asked; the sessions that the target works for were planned, and only those that mostly wait for rows are replaced
///   by one that builds, with one processor each, and never by more than half of the workers. Where the target is the
///   slowest part nothing is built beside. When the rows are there, the snapshot goes at once.
/// - **The copy finds no connection any more**: none is opened unless eight are left.
/// - **It fails** (a row that is there twice, no room): that is noted and stops no row. The index stage tries again,
/// and
///   tells it as it always does. After a lost session or a lack of resources none is begun any more.
/// - **A pause, a table that is told to wait**: none is begun. What was begun goes on, as in the index stage. A stop
///   cancels it. A limit of what is read is of rows only.
/// - **The copy begins anew because the slot is lost**: the indexes stay, and rows are copied into tables that have
///   them. That is slower, and not wrong.
///
/// # A pause
///
/// Held is what passes through this program: rows from server to server, what `pg_dump` reads (`pg.PacedRelay`) and
/// what is loaded from its archive. No further table is begun. What the target fetches by itself cannot be held
/// without losing what it has fetched, so that it is given a few tables at a time (`Portions`): those come to their
/// end. From server to server each wave is given whole, and only the next one waits.
///
/// - **Somebody waits for a lock of ours all through the pause**: TRUNCATE or ALTER TABLE of a table on its way. The
///   page says so, and names whoever waits.
/// - **A table that was given is taken back and comes twice**: none is ever taken back.
/// - **The program ends while tables of a wave are not given yet**: they are in no publication, and the next run
///   gives them.
///
/// # What could lose a row
///
/// - **A table is called copied and a crash of the target takes it back**: copies commit without waiting for
///   the disk. What is copied stands in `handover.copied`, written in the same transaction as the rows: both
///   are there or neither. It is flushed before the journal says so, on a session that was open before those
///   commits, so that a crash in between fails the flush; and again before the subscription relies on it.
/// - **An unlogged table is emptied by the crash**: its note does not count after one; copied again, and once
///   more at the cutover.
/// - **An index or a key is lost by the crash**: it is noted in `handover.dump` in its own transaction.
/// - **The copy belongs to another slot** (dropped and made again, or read from meanwhile): each note names the
///   position where its slot begins, and counts only while the slot still stands there.
/// - **A table is rewritten by `ALTER TABLE` under the copy, which then sees it empty**: looked at before the
///   commit that calls the piece copied.
/// - **A table is in the publication when the subscription is made, but not copied**: it would count as ready.
///   Hence out of the publication first, and in again after.
/// - **A table of the source that the target lacks** is left out: the comparison of schemas names it.
/// - **The slot has lost its log**: everything begins anew, and the journal says so.
///
/// # What could double a row
///
/// - **A range is committed but nobody answered, and it is copied again**: the note's key. The second try waits
///   for the end of the first transaction and finds the note, or not.
/// - **A session without its client commits after its table was emptied**: such sessions are ended, emptying
///   waits for their locks, and only then forgets the notes, in one transaction.
/// - **A table is emptied although the subscription already brings it**: once there is a subscription nothing is
///   emptied any more.
///
/// # What could block or stay behind
///
/// - **The slot keeps the source's log after a failure**: on purpose, once a table is copied; retry uses it,
///   discard removes it. Without a copied table it is removed at once, as before.
/// - **Slots of table synchronisation stay on the source after discard**: a sender that waits for an open
///   transaction in order to make one does not notice that its reader has gone. The senders are ended first,
///   then what slots are left are dropped, see `pg.TableSyncSlots`.
/// - **A synchronisation that fails again and again, in the target's log only**: workers that come and go
///   without doing more than those before end the step with a problem.
/// - **No free slot or WAL sender for it**: looked at before.
/// - **Indexes and the apply worker wait for each other**: the subscription is disabled meanwhile.
///
/// # What a comparison could get wrong
///
/// - **A change in flight is called a difference**: with the apply held, the keys changed between both snapshots are
///   read from the slot and set aside. Where that is refused (`FencedRound`), nobody knows them: every key that
///   differs is looked at twice by row version, each time behind a fence, and a difference has to be proved so in
///   two rounds. A comparison of hashes alone would take a row that was changed and changed back, or that came and
///   went, for one that stood still.
/// - **What has not arrived yet is called equal**: the follower's snapshot behind a fence is taken only once it has
///   applied all that the owner's shows. How far it has applied is the end of the last transaction it applied, or
///   what it says it has received and handled, or what it has confirmed: none of them runs ahead of what is applied.
///   Without any stream there is no comparison.
/// - **More differs than can be kept in mind**: the table is not equal by that. Of what is kept each row is looked
///   at; without a difference among them it is read again as a whole, in the end in the write pause.
/// - **A row that is always being written**: after six rounds it is left to the write pause, where nothing is
///   written.
/// - **A table is not read although it was changed**: see `pg.TableMark`. Only what was read as a whole and proved
///   equal, on both sides, with nothing left open, has a proof. A key that differed when it was read and was settled
///   later was changed since, so that its table is read again.
/// - **A proof of another stage**: a new copy forgets all of them, and a table that was found different or unsettled
///   loses its own.
///
/// Two false alarms are left. A commit on the owner that waits for a synchronous standby may have arrived before the
/// owner shows it; and a follower's subscription that was told to wait for one may say that it has applied what it
/// does not show yet. Either has to last for two rounds.
///
/// Open: another Handover may take the migration over when a crash of the target has ended the session that
/// holds the driver's lock; `money` and `xml` are read by the synchronisation under the servers' own settings,
/// as in the stream.
package io.handover.engine.step;
