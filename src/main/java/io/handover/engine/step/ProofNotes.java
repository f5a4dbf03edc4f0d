package io.handover.engine.step;

import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.SideMark;
import io.handover.model.TableProof;
import io.handover.pg.TableFound;
import java.time.Instant;
import java.util.Optional;

/// What is noted of one table so that a later comparison need not read it if it was not changed. Whether it is equal
/// its `VerifyTable` knows. Not thread-safe.
final class ProofNotes {

    private final Optional<TableProof> earlier;
    private boolean isRead;
    private boolean noted;
    private Optional<TableFound.Marks> marks = Optional.empty();
    private Lsn at = new Lsn(0);
    private Instant readAt = Instant.EPOCH;
    private boolean unread;

    /// @param earlier by which a comparison before this one has proved it equal; empty if it has to be read
    ProofNotes(Optional<TableProof> earlier) {
        this.earlier = earlier.filter(TableProof::canBeKept);
    }

    /// The proof that may still hold; empty if there is none, or it was found that it does not.
    Optional<TableProof> earlier() {
        return isRead ? Optional.empty() : earlier;
    }

    /// All rows were read.
    ///
    /// @param position of the owner's snapshot
    void read(TableFound.Compared found, Lsn position, Instant now) {
        isRead = true;
        noted = true;
        marks = found.marks();
        at = position;
        readAt = now;
        unread = false;
    }

    /// No row was changed since the earlier proof.
    void unchanged(TableFound.Unchanged found, Lsn position) {
        noted = true;
        marks = Optional.of(found.marks());
        at = position;
        readAt = earlier.orElseThrow().readAt();
        unread = true;
    }

    /// What to say of a table whose rows are all equal; empty if nothing was noted.
    ///
    /// @param owner which server the owner is
    Optional<TableProof> proof(Side owner) {
        if (!noted) {
            return Optional.empty();
        }
        Optional<SideMark> here = marks.map(TableFound.Marks::owner);
        Optional<SideMark> there = marks.map(TableFound.Marks::follower);
        return Optional.of(
                owner == Side.SOURCE
                        ? new TableProof(at, readAt, unread, here, there)
                        : new TableProof(at, readAt, unread, there, here));
    }
}
