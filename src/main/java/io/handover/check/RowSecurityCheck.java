package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.SchemaFacts;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.List;

/// Row-level security must not hide rows from the copy.
final class RowSecurityCheck implements Check {

    @Override
    public String name() {
        return "row-security";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        if (with.sourceFacts().bypassRls()) {
            return List.of();
        }
        List<TableRef> tables = SchemaFacts.rowSecurityTables(with.onSource());
        return tables.isEmpty()
                ? List.of()
                : List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Row-level security hides rows from "
                                + with.sourceFacts().role() + ": " + Findings.names(tables),
                        "The copy would lack the hidden rows.",
                        "alter role " + SqlNames.quoted(with.sourceFacts().role()) + " bypassrls"));
    }
}
