package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.pg.DatabaseSettings;
import io.handover.pg.DatabaseSettings.Setting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What is set for the source's database, or for a role in it, should be set for the target's too.
final class SettingsCheck implements Check {

    private static final String WHY = "Settings of a database are not part of its schema, so they do not come along."
            + " Sessions on the target would run otherwise than on the source: with another search_path they would"
            + " not even find their tables.";

    @Override
    public String name() {
        return "database-settings";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<Setting> missing = missing(with);
        List<Setting> impossible = DatabaseSettings.impossible(with.onTarget(), missing);
        missing.removeAll(impossible);
        String database = database(with);
        var findings = new ArrayList<Finding>();
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    name(),
                    Severity.WARNING,
                    Side.TARGET,
                    "Not set as on the source: " + names(missing),
                    WHY,
                    missing.stream()
                            .map(setting -> setting.shown(database) + ";\n")
                            .collect(Collectors.joining()),
                    true));
        }
        if (!impossible.isEmpty()) {
            findings.add(Findings.warning(
                    name(),
                    Side.TARGET,
                    "Set on the source and impossible here: " + names(impossible),
                    WHY + " The target lacks the role, or does not know the parameter.",
                    "Create the role, or do without, then check again."));
        }
        return findings;
    }

    /// Each by itself, so that one the role may not set does not keep the others from being set.
    @Override
    public void fix(CheckContext with, Finding finding) throws SQLException {
        List<Setting> missing = missing(with);
        missing.removeAll(DatabaseSettings.impossible(with.onTarget(), missing));
        String database = database(with);
        List<SQLException> failures = new ArrayList<>();
        try (var session = with.target().open("fix")) {
            for (Setting setting : missing) {
                try {
                    session.change(setting.sql(database), setting.shown(database));
                } catch (SQLException e) {
                    failures.add(e);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static List<Setting> missing(CheckContext with) throws SQLException {
        var missing = new ArrayList<>(DatabaseSettings.of(with.onSource()));
        missing.removeAll(DatabaseSettings.of(with.onTarget()));
        return missing;
    }

    private static String database(CheckContext with) {
        return with.plan().profile(Side.TARGET).database();
    }

    private static String names(List<Setting> settings) {
        String first = settings.stream().limit(5).map(Setting::display).collect(Collectors.joining(", "));
        return settings.size() > 5 ? first + " and " + (settings.size() - 5) + " more" : first;
    }
}
