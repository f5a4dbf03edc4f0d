package io.handover.engine.step;

import io.handover.model.Plan;
import io.handover.model.SchemaDifference;
import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.pg.SchemaObjects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Compares the schemas of both sides, object by object.
///
/// What only the follower has counts where it can change what the rows may be: on a table that both have.
public final class SchemaComparison {

    /// A text constant, kept, or a cast.
    private static final Pattern CASTS = Pattern.compile("('(?:[^']|\'\')*')|::(?:character varying|double precision"
            + "|bit varying|time(?:stamp)?(?:\\(\\d\\))? with(?:out)? time zone|(?:(?:\"(?:[^\"]|\"\")+\"|\\w+)\\.)?"
            + "(?:\"(?:[^\"]|\"\")+\"|\\w+))(?:\\([\\d, ]+\\))?(?:\\[\\])*|[\\s()]+");

    private SchemaComparison() {}

    /// What is not the same, in the order of names.
    ///
    /// @param owner     with an empty search path, as all sessions of Handover
    /// @param ownerSide which side it is
    public static List<SchemaDifference> of(Connection owner, Connection follower, Plan plan, Side ownerSide)
            throws SQLException {
        Scope scope = plan.scope();
        boolean same = SchemaObjects.sameVersion(owner, follower);
        Map<SchemaObjects.Key, String> here = SchemaObjects.read(owner, scope, same);
        Map<SchemaObjects.Key, String> there = SchemaObjects.read(follower, scope, same);
        Set<List<String>> common = relations(here.keySet());
        common.retainAll(relations(there.keySet()));
        var differences = new ArrayList<SchemaDifference>();
        var keys = new TreeSet<SchemaObjects.Key>();
        here.keySet().stream()
                .filter(k -> k.relation().isEmpty() || common.contains(relation(k)))
                .forEach(keys::add);
        there.keySet().stream()
                .filter(k -> !k.relation().isEmpty() && common.contains(relation(k)))
                .forEach(keys::add);
        for (SchemaObjects.Key key : keys) {
            String ours = Optional.ofNullable(here.get(key)).orElse("");
            String theirs = Optional.ofNullable(there.get(key)).orElse("");
            if (!ours.equals(theirs)
                    && (ours.isEmpty() || theirs.isEmpty() || !essence(ours).equals(essence(theirs)))) {
                boolean source = ownerSide == Side.SOURCE;
                differences.add(new SchemaDifference(
                        key.kind(), key.display(), source ? ours : theirs, source ? theirs : ours));
            }
        }
        return differences;
    }

    /// Of a table or view that is missing as a whole the parts are not told.
    private static Set<List<String>> relations(Set<SchemaObjects.Key> keys) {
        return keys.stream().map(SchemaComparison::relation).collect(Collectors.toCollection(HashSet::new));
    }

    private static List<String> relation(SchemaObjects.Key key) {
        return List.of(key.schema(), key.relation());
    }

    /// Without casts, brackets and spaces outside of constants: an expression that has been written out and read again
    /// has them elsewhere, `(a)::text = any ((array[…])::text[])` for one.
    private static String essence(String definition) {
        return CASTS.matcher(definition)
                .replaceAll(found -> found.group(1) == null ? "" : Matcher.quoteReplacement(found.group(1)));
    }
}
