package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// A trigger that fires for streamed rows does its work on the target once more, and may make both sides
/// differ.
final class StreamedTriggersCheck implements Check {

    @Override
    public String name() {
        return "streamed-triggers";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<TableRef> tables = SchemaFacts.triggersOnStreamedRows(with.onSource()).stream()
                .filter(with.plan().scope()::includes)
                .toList();
        return tables.isEmpty()
                ? List.of()
                : List.of(Findings.warning(
                        name(),
                        Side.SOURCE,
                        "Triggers that fire for streamed rows, too (ENABLE ALWAYS or REPLICA): "
                                + Findings.names(tables),
                        "On the target they run for each row that the stream brings. One that changes its row, or writes"
                                + " elsewhere, makes both sides differ, and the comparison will say so.",
                        "Where that is not meant: alter table … enable trigger … on the source, before the start."));
    }
}
