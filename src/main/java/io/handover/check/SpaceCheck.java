package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.Catalog;
import java.sql.SQLException;
import java.util.List;

/// What the target will have to hold.
final class SpaceCheck implements Check {

    @Override
    public String name() {
        return "space";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        return List.of(Findings.note(
                name(),
                Side.TARGET,
                "The source's database has " + Catalog.databaseBytes(with.onSource()) / 1_048_576 + " MB",
                "The target needs about a quarter more while indexes are built; SQL cannot see its free disk."));
    }
}
