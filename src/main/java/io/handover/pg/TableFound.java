package io.handover.pg;

import io.handover.model.RowDifference;
import io.handover.model.SideMark;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one comparison of one table found.
public sealed interface TableFound {

    /// Both sides were read.
    ///
    /// @param owner    all rows of the owner; `Tally.NONE` if only some keys were compared
    /// @param follower all rows of the follower alike
    /// @param equal    for a comparison of some keys: those whose rows are the same now
    /// @param inside   keys that differ and were changed between the snapshots
    /// @param outside  keys that differ for no good reason; at most `TableComparer.KEPT`
    /// @param outsideRows how many rows these are, with those not kept
    /// @param unkept  how many rows differ whose keys are not in `inside`, because these are too many
    /// @param details  what differs, by key, for the first of `outside`
    /// @param marks    what was noted of both tables; empty if only some keys were compared, or if a later
    ///                 change could not be told by it
    record Compared(
            Tally owner,
            Tally follower,
            List<KeyRows> equal,
            List<KeyRows> inside,
            List<KeyRows> outside,
            long outsideRows,
            long unkept,
            Map<String, RowDifference> details,
            Optional<Marks> marks)
            implements TableFound {

        /// Copies the collections.
        public Compared {
            equal = List.copyOf(equal);
            inside = List.copyOf(inside);
            outside = List.copyOf(outside);
            details = Map.copyOf(details);
        }
    }

    /// Not a row was changed on either side since it was proved equal.
    ///
    /// @param marks what is noted of both tables now
    record Unchanged(Marks marks) implements TableFound {}

    /// Nothing can be said from these snapshots; another pair is needed.
    ///
    /// @param why for people
    record Again(String why) implements TableFound {}

    /// The table cannot be read.
    ///
    /// @param why for people
    record Unreadable(String why) implements TableFound {}

    /// What was noted of one table on both sides.
    ///
    /// @param owner    in the owner's snapshot
    /// @param follower in the follower's
    record Marks(SideMark owner, SideMark follower) {}
}
