package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.pg.SchemaClaim;
import io.handover.pg.SqlFailure;
import java.io.IOException;
import java.sql.SQLException;

/// Turns failures into words for people, by SQLSTATE.
public final class Problems {

    private static final String REACH =
            "Check host and port, that the server runs, and that no firewall stands between.";
    private static final String TLS = "The connection insists on TLS. Check that the server offers it, and that its"
            + " certificate fits the TLS mode: the name in it, and the authority that signed it (sslrootcert). Check also"
            + " host and port, that the server runs, and that no firewall stands between.";

    private Problems() {}

    /// A statement on `side` failed while Handover was doing `what`.
    ///
    /// @param what a clause, for example `reading the tables`
    public static Problem of(SQLException e, Side side, String what) {
        String details = SqlFailure.state(e) + " " + e.getMessage();
        String server = "The " + side.word();
        if (SqlFailure.connectionLost(e)) {
            return new Problem(
                    SqlFailure.state(e),
                    server + " could not be reached while " + what + ".",
                    "Nothing was lost: what was committed stays, the rest did not happen.",
                    "See that the server runs and can be reached from here, then retry.",
                    details);
        }
        if (SqlFailure.notPermitted(e)) {
            return new Problem(
                    SqlFailure.state(e),
                    server + " refused: a right or the password is missing while " + what + ".",
                    "Nothing was changed by it.",
                    "Check user and password, grant the right named in the details, then retry.",
                    details);
        }
        if (SqlFailure.lockUnavailable(e)) {
            return new Problem(
                    SqlFailure.state(e),
                    server + " did not get a lock in time while " + what + ".",
                    "Nothing was changed by it.",
                    "End or await the sessions that hold the lock, then retry.",
                    details);
        }
        if (SqlFailure.state(e).equals(SchemaClaim.TAKEN)) {
            return new Problem(
                    SqlFailure.state(e),
                    server + " takes part in another migration.",
                    "This one has changed nothing there. Two would undo each other's work when one of them ends.",
                    "Retire or discard the other migration first, then retry.",
                    details);
        }
        return new Problem(
                SqlFailure.state(e),
                server + " refused a statement while " + what + ".",
                "What was committed before stays; this statement did not happen.",
                "Read the details, mend the cause, then retry.",
                details);
    }

    /// A first connection failed. The driver's text is passed on: it names host, user and reason, never a
    /// password.
    public static Problem connecting(SQLException e, Profile profile) {
        String state = SqlFailure.state(e);
        String action = switch (state) {
            case "28P01", "28000" -> "Check user and password, and that pg_hba.conf on the server lets them in.";
            case "3D000" -> "Check the database's name.";
            case "08001" -> REACH;
            case "08006", "08004" -> insistsOnTls(profile) ? TLS : REACH;
            case "53300" -> "The server has no connection left: raise max_connections or end idle sessions.";
            default -> "Read the details, mend the cause, then try again.";
        };
        return new Problem(
                state,
                "No connection to " + profile.address() + " as " + profile.user() + ".",
                "Nothing was changed.",
                action,
                state + " " + e.getMessage() + reason(e));
    }

    private static boolean insistsOnTls(Profile profile) {
        return profile.tls() != TlsMode.DISABLE && profile.tls() != TlsMode.PREFER;
    }

    /// What the network said, where the driver's own message leaves it out: that a host is not known.
    private static String reason(SQLException e) {
        return e.getCause() instanceof IOException cause
                ? " (" + cause.getClass().getSimpleName() + ": " + cause.getMessage() + ")"
                : "";
    }

    /// The journal on this computer cannot be written.
    public static Problem journal(IOException e) {
        return new Problem(
                "journal",
                "The migration's journal cannot be written.",
                "The migration has stopped: without a journal it could not be found again. Both servers go on.",
                "Make room on the disk that holds Handover's data folder, see that you may write there, then open the"
                        + " migration again.",
                String.valueOf(e.getMessage()));
    }

    /// Something in Handover itself went wrong.
    public static Problem bug(Throwable e, String what) {
        return new Problem(
                "internal",
                "Handover failed while " + what + ".",
                "Both servers go on as they are; what was committed stays.",
                "Retry; if it happens again, report it with the log file.",
                e.getClass().getSimpleName() + ": " + e.getMessage());
    }
}
