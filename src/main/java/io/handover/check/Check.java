package io.handover.check;

import io.handover.model.Finding;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;

/// One question asked of the servers before anything is begun.
public interface Check {

    /// Stable, lower case with hyphens; the part before the first hyphen-separated detail never changes.
    String name();

    /// Looks, and changes nothing.
    ///
    /// @return what is wrong; empty if nothing is
    List<Finding> find(CheckContext with) throws SQLException;

    /// Applies the remedy of `finding`, which this check made and called fixable. A check without such findings keeps
    /// this default.
    default void fix(CheckContext with, Finding finding) throws SQLException {
        throw new SQLFeatureNotSupportedException("nothing can be fixed here: " + name());
    }
}
