package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.FreezeRoles;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The condition of a freeze by role: its roles are there and can be frozen, and others write nothing that
/// neither locks nor triggers hold back. Never to be overridden: rows depend on it, or the cutover would
/// fail.
final class RoleGates {

    private static final String ID = "freeze-roles";
    private static final String TITLE = "Writes can be stopped by role";
    private static final String RISK = "The cutover would be undone, or writes of other roles lost.";

    private RoleGates() {}

    /// @param owner the side that would hand over
    /// @param from  a connection to it
    static GateReading of(Plan plan, Side owner, Connection from) throws SQLException {
        List<String> unguarded = FreezeRoles.unguarded(from, plan.scope());
        if (!unguarded.isEmpty()) {
            return closed(
                    ID,
                    TITLE,
                    "other roles could go on writing to "
                            + unguarded.stream().limit(5).collect(Collectors.joining(", ")),
                    "Choose another way to stop writes: locks and triggers do not hold for that.",
                    RISK);
        }
        List<FreezeRoles.Role> roles = FreezeRoles.find(from, plan.freezeRoles());
        List<String> missing = new ArrayList<>(plan.freezeRoles());
        roles.forEach(role -> missing.remove(role.name()));
        // other roles may be in use on the target; the locks hold for all of them
        if (roles.isEmpty() || (owner == Side.SOURCE && !missing.isEmpty())) {
            return closed(
                    ID,
                    TITLE,
                    plan.freezeRoles().isEmpty()
                            ? "no role is named"
                            : "not on the " + owner.word() + ": " + String.join(", ", missing),
                    "Name the roles of the application as they are there, or choose another way to stop writes.",
                    RISK);
        }
        List<FreezeRoles.Role> groups =
                roles.stream().filter(role -> !role.login()).toList();
        if (!groups.isEmpty()) {
            return closed(
                    ID,
                    TITLE,
                    "nobody logs in as " + names(groups) + ": its members would not be stopped",
                    "Name the roles that log in.",
                    RISK);
        }
        List<FreezeRoles.Role> beyond =
                roles.stream().filter(role -> !role.alterable()).toList();
        return beyond.isEmpty()
                ? open(
                        ID,
                        TITLE,
                        names(roles) + (missing.isEmpty() ? "" : "; not there: " + String.join(", ", missing)))
                : closed(
                        ID,
                        TITLE,
                        "Handover's role may not alter " + names(beyond)
                                + (beyond.stream().anyMatch(FreezeRoles.Role::superuser)
                                        ? "; a superuser's settings only a superuser can change"
                                        : ""),
                        "Connect Handover as a superuser, or do not name it. For a role that is no superuser's CREATEROLE"
                                + " is enough, from 16 on with its ADMIN option.",
                        RISK);
    }

    private static String names(List<FreezeRoles.Role> roles) {
        return roles.stream().map(FreezeRoles.Role::name).collect(Collectors.joining(", "));
    }
}
