/// The migration itself: one conductor thread owns every transition and journal line, steps run on their own
/// thread and report, samplers have their own connections.
///
/// # Who drives: how two could undo each other's work
///
/// - **Two go on with one migration**: `DriverLock` on the target, for as long as one has it open.
/// - **Two begin one between the same databases in the same second**: each has an id of its own, neither server
///   knows of the other's yet, and both would copy into the same tables; afterwards two streams would bring each
///   change twice, into a table without a key without any error. (Tried: both said STREAMING; or one failed, and its
///   slot stayed on the source.) So whoever drives holds a lock of the target database itself too, and whether a
///   migration is known there is asked once more when it is held.
/// - **Two migrations of one source into two targets**, a trial run that was forgotten and the real one: the mark, the
///   replica identities as they were and the guards of the old owner are kept once a database. (Tried: the end of the
///   trial opened the old database to writers after the real one had handed over.) So the schema `handover` belongs to
/// one
///   migration, see `SchemaClaim`: preflight refuses another, whoever makes the schema is refused too, and a removal
///   touches only what is its own.
/// - **A mistyped source** with the right target: the target remembers the migration, the source has no part in it. It
///   is not attached to, nor discarded, see `Remembered`.
package io.handover.engine;
