package io.handover.archbait.check;

import java.sql.Connection;
import java.sql.SQLException;

public final class CheckWithStatement {
    public void ask(Connection db) throws SQLException {
        db.createStatement().close();
    }
}
