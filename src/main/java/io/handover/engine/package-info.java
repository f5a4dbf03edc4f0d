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
/// - **Two migrations from one source into two targets**: not kept apart here; the mark on the source is one
///   row, and belongs to one of them: the other's cutover is refused.
package io.handover.engine;
