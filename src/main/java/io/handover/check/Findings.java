package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.SchemaFacts;
import java.util.List;
import java.util.stream.Collectors;

/// Shorthands for findings that Handover cannot fix by itself.
final class Findings {

    private Findings() {}

    static Finding blocker(String check, Side side, String title, String why, String remedy) {
        return new Finding(check, Severity.BLOCKER, side, title, why, remedy, false);
    }

    static Finding warning(String check, Side side, String title, String why, String remedy) {
        return new Finding(check, Severity.WARNING, side, title, why, remedy, false);
    }

    static Finding note(String check, Side side, String title, String why) {
        return new Finding(check, Severity.NOTE, side, title, why, "", false);
    }

    /// The first few names, and how many more.
    static String names(List<TableRef> tables) {
        String first = tables.stream().limit(5).map(TableRef::display).collect(Collectors.joining(", "));
        return tables.size() > 5 ? first + " and " + (tables.size() - 5) + " more" : first;
    }

    static String holders(List<SchemaFacts.Holder> holders) {
        return holders.stream()
                .limit(5)
                .map(h -> h.what() + ", " + h.seconds() + " s")
                .collect(Collectors.joining("; "));
    }
}
