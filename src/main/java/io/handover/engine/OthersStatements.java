package io.handover.engine;

import io.handover.journal.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whose statements the record of this computer lacks: a colleague's Handover that was killed, or had
/// lost the target,
/// could not leave its last ones there. Pure.
final class OthersStatements {

    private OthersStatements() {}

    /// Compares when each computer wrote in the journal with how far its statements are known. A second folder of the
    /// same person on the same computer is not told apart.
    ///
    /// @param journal all of it
    /// @param me      as this computer signs its lines
    /// @param until   up to when the statements of the others are complete, each by its own clock
    /// @return a sentence for each stretch that lacks some; empty if none does
    static List<String> missing(List<Line> journal, String me, Map<String, Instant> until) {
        var sentences = new ArrayList<String>();
        for (int first = 0; first < journal.size(); ) {
            String who = journal.get(first).who();
            int next = first + 1;
            while (next < journal.size() && journal.get(next).who().equals(who)) {
                next++;
            }
            Instant from = journal.get(first).at();
            Instant to = journal.get(next - 1).at();
            Instant known = until.getOrDefault(who, Instant.MIN);
            if (!who.equals(me) && known.isBefore(to)) {
                sentences.add("What " + who + " ran from " + (known.isAfter(from) ? known : from) + " to " + to
                        + " is missing here: it is in the record on that computer alone.");
            }
            first = next;
        }
        return sentences;
    }
}
