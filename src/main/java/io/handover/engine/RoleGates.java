package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.pg.FreezeRoles;
import io.handover.pg.SchemaGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The condition of a freeze by role: its roles are there and can be frozen, and others write nothing that
/// neither locks nor triggers hold back. Never to be overridden: rows depend on it, or the cutover would
/// fail.
final class RoleGates {

    private static final String ID = "freeze-roles";
    private static final String TITLE = "Writes can be stopped by role";
    private static final String RISK = "The cutover would be undone, or writes of other roles lost.";

    private RoleGates() {}

    /// One thing that stands in the way.
    private record Fault(String detail, String remedy) {}

    /// @param owner the side that would hand over
    /// @param from  a connection to it
    static GateReading of(Plan plan, Side owner, Connection from) throws SQLException {
        List<FreezeRoles.Role> roles = FreezeRoles.find(from, plan.freezeRoles());
        List<String> missing = new ArrayList<>(plan.freezeRoles());
        roles.forEach(role -> missing.remove(role.name()));
        List<Fault> faults = new ArrayList<>();
        named(plan, owner, roles, missing).ifPresent(faults::add);
        stopped(roles).ifPresent(faults::add);
        alterable(roles).ifPresent(faults::add);
        held(plan, from).ifPresent(faults::add);
        if (!SchemaGuard.possible(from)) {
            faults.add(new Fault(
                    "Handover's role may not make event triggers on the " + owner.word()
                            + ", so other roles could make a table in the pause",
                    "Connect Handover to the " + owner.word()
                            + " as a superuser, or as the administrator whom a provider"
                            + " lets make them; or choose another way to stop writes."));
        }
        return faults.isEmpty()
                ? open(
                        ID,
                        TITLE,
                        names(roles) + (missing.isEmpty() ? "" : "; not there: " + String.join(", ", missing)))
                : closed(
                        ID,
                        TITLE,
                        faults.stream().map(Fault::detail).collect(Collectors.joining("; ")),
                        faults.stream().map(Fault::remedy).distinct().collect(Collectors.joining(" ")),
                        RISK);
    }

    /// Other roles may be in use on the target; the locks hold for all of them.
    private static Optional<Fault> named(Plan plan, Side owner, List<FreezeRoles.Role> roles, List<String> missing) {
        if (!roles.isEmpty() && (owner == Side.TARGET || missing.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(new Fault(
                plan.freezeRoles().isEmpty()
                        ? "no role is named"
                        : "not on the " + owner.word() + ": " + String.join(", ", missing),
                "Name the roles of the application as they are there, or choose another way to stop writes."));
    }

    private static Optional<Fault> stopped(List<FreezeRoles.Role> roles) {
        List<FreezeRoles.Role> groups =
                roles.stream().filter(role -> !role.login()).toList();
        return groups.isEmpty()
                ? Optional.empty()
                : Optional.of(new Fault(
                        "nobody logs in as " + names(groups) + ": its members would not be stopped",
                        "Name the roles that log in."));
    }

    private static Optional<Fault> alterable(List<FreezeRoles.Role> roles) {
        List<FreezeRoles.Role> beyond =
                roles.stream().filter(role -> !role.alterable()).toList();
        return beyond.isEmpty()
                ? Optional.empty()
                : Optional.of(new Fault(
                        "Handover's role may not alter " + names(beyond)
                                + (beyond.stream().anyMatch(FreezeRoles.Role::superuser)
                                        ? "; a superuser's settings only a superuser can change"
                                        : ""),
                        "Connect Handover as a superuser, or do not name it. For a role that is no superuser's CREATEROLE"
                                + " is enough, from 16 on with its ADMIN option."));
    }

    private static Optional<Fault> held(Plan plan, Connection from) throws SQLException {
        List<String> unguarded = FreezeRoles.unguarded(from, plan.scope());
        return unguarded.isEmpty()
                ? Optional.empty()
                : Optional.of(new Fault(
                        "other roles could go on writing to "
                                + unguarded.stream().limit(5).collect(Collectors.joining(", ")),
                        "Choose another way to stop writes: locks and triggers do not hold for that."));
    }

    private static String names(List<FreezeRoles.Role> roles) {
        return roles.stream().map(FreezeRoles.Role::name).collect(Collectors.joining(", "));
    }
}
