package io.handover.pg;

import java.sql.SQLException;
import java.util.Set;

/// Sorts failures by SQLSTATE, never by message text: messages are translated, and may quote what must not be
/// shown.
public final class SqlFailure {

    private static final Set<String> LOCKS = Set.of("55P03", "40P01", "57014");

    private SqlFailure() {}

    /// The connection or the server is gone: it may work again later, and what ran may or may not have
    /// happened.
    public static boolean connectionLost(SQLException e) {
        String state = state(e);
        return state.startsWith("08") || state.equals("57P01") || state.equals("57P02") || state.equals("57P03");
    }

    /// Somebody else held a lock, or a time limit ran out: nothing happened, trying again is right.
    public static boolean lockUnavailable(SQLException e) {
        return LOCKS.contains(state(e));
    }

    /// Something of that name is there already (object, slot, schema, database …).
    public static boolean duplicateObject(SQLException e) {
        return Set.of("42710", "42P07", "42P06", "42701", "42723").contains(state(e));
    }

    /// Something of that name is not there.
    public static boolean undefinedObject(SQLException e) {
        return Set.of("42704", "42P01", "3F000", "42883", "3D000").contains(state(e));
    }

    /// A right is missing.
    public static boolean notPermitted(SQLException e) {
        return state(e).equals("42501") || state(e).equals("28000") || state(e).equals("28P01");
    }

    /// The server does not let this user do it, or cannot do it at all: asking again will not help.
    public static boolean refused(SQLException e) {
        return Set.of("42501", "0A000", "42883").contains(state(e));
    }

    /// The SQLSTATE; `?????` if the driver gave none.
    public static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "?????" : state;
    }
}
