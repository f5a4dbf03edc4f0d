package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SqlNames;
import java.util.ArrayList;
import java.util.List;

/// Neither database may be read-only by default: the freeze uses that setting.
final class ReadOnlyCheck implements Check {

    @Override
    public String name() {
        return "read-only";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            if (with.facts(side).readOnlyDefault()) {
                findings.add(Findings.warning(
                        name(),
                        side,
                        "The " + side.word() + "'s database is read-only by default",
                        "Perhaps it was handed over before. Applications could not write there.",
                        "alter database "
                                + SqlNames.quoted(with.plan().profile(side).database())
                                + " reset default_transaction_read_only"));
            }
        }
        return findings;
    }
}
