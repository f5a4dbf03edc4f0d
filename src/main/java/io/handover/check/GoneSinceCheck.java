package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.GoneSince;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What the source's schema has and the target's version has no longer: better known now than when the schema is
/// refused halfway, or than never.
final class GoneSinceCheck implements Check {

    private static final int NAMED = 5;

    @Override
    public String name() {
        return "gone-since";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (GoneSince what : GoneSince.values()) {
            if (with.targetFacts().major() >= what.since()) {
                List<String> there = what.on(with.onSource());
                if (!there.isEmpty()) {
                    findings.add(finding(what, names(there)));
                }
            }
        }
        return findings;
    }

    private Finding finding(GoneSince what, String names) {
        String gone = "PostgreSQL " + what.since() + " and later ";
        return switch (what) {
            case OIDS ->
                Findings.warning(
                        name(),
                        Side.SOURCE,
                        "Tables WITH OIDS: " + names,
                        gone + "have no such tables: they arrive without the column oid, whose values are lost and are"
                                + " in no comparison.",
                        "Whatever reads the column oid needs a column of its own first. Nothing to do where nobody"
                                + " reads it.");
            case TIMES ->
                Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Columns of types that are gone: " + names,
                        gone + "lack abstime, reltime and tinterval, and would refuse the schema.",
                        "Alter the columns: timestamptz for abstime, interval for reltime, tstzrange for tinterval.");
            case POSTFIX_OPERATORS ->
                Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Operators behind their operand: " + names,
                        gone + "have none, and would refuse the schema.",
                        "Drop them, and call their functions instead or make prefix operators.");
            case ARRAY_FUNCTIONS ->
                Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Made of functions over arrays that were changed: " + names,
                        gone + "have array_append and its like over anycompatiblearray, and would refuse the schema.",
                        "Drop them before the start, and make them anew on the target, with anycompatiblearray and"
                                + " anycompatible for anyarray and anyelement.");
            case CONVERSIONS ->
                Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Conversions of encodings: " + names,
                        gone + "want functions of another form for them, and would refuse the schema.",
                        "Drop them before the start; the target needs its own.");
        };
    }

    private static String names(List<String> all) {
        return all.stream().limit(NAMED).collect(Collectors.joining(", "))
                + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
    }
}
