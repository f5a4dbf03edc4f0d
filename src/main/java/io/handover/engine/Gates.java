package io.handover.engine;

import io.handover.model.GateReading;
import io.handover.model.Overriding;

/// Makes readings of gates.
final class Gates {

    private Gates() {}

    static GateReading open(String id, String title, String detail) {
        return new GateReading(id, true, title, detail, "");
    }

    /// @param risk what going on all the same would lose or break: why it cannot be overridden
    static GateReading closed(String id, String title, String detail, String remedy, String risk) {
        return new GateReading(id, false, title, detail, remedy, new Overriding.Never(risk));
    }

    /// @param cost  what going on all the same costs; never a row
    /// @param basis the finding: an override is void once it is another
    static GateReading closedFor(String id, String title, String detail, String remedy, String cost, String basis) {
        return new GateReading(id, false, title, detail, remedy, new Overriding.Possible(cost, basis));
    }
}
