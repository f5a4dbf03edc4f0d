package io.handover.engine;

import static io.handover.engine.Gates.closed;
import static io.handover.engine.Gates.open;

import io.handover.model.GateReading;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.ColumnInfo;
import io.handover.pg.Publications;
import io.handover.pg.SqlNames;
import io.handover.pg.StreamedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether the stream carries every table of the owner, and the other side has each of them with its columns.
///
/// @param plan   what was planned
/// @param owner  the side that would hand over
/// @param afresh what to do where the stream cannot go on any more
record TableGates(Plan plan, Side owner, String afresh) {

    /// Both of them, in the order they are shown.
    List<GateReading> all(Connection from, Connection to) throws SQLException {
        return List.of(tables(from, to), drift(from, to));
    }

    private GateReading tables(Connection from, Connection to) throws SQLException {
        var streamed = StreamedTables.read(to, plan.id().subscription(owner));
        String title = "Every table follows";
        Set<TableRef> lacking = StreamedTables.lacking(
                from,
                to,
                plan.id().publication(owner),
                plan.id().subscription(owner),
                Catalog.unmeasured(from).stream()
                        .filter(table -> plan.scope().includes(table.table())
                                && plan.scope().includes(table.root()))
                        .toList());
        if (!lacking.isEmpty() && !streamed.ready().isEmpty()) {
            return closed(
                    "tables-ready",
                    title,
                    "not carried by the stream, as they were made or made anew since it began: " + names(lacking),
                    owner == Side.SOURCE ? joining(lacking) : afresh,
                    "What was written to them since would be missing.");
        }
        return streamed.ready().isEmpty() || !streamed.notYet().isEmpty()
                ? closed(
                        "tables-ready",
                        title,
                        withoutFence(streamed.ready()) + " follow, " + names(streamed.notYet()) + " not yet",
                        "Wait for them. If one stays behind, the server log of the "
                                + owner.other().word() + " says why.",
                        "Rows of a table that does not follow would be missing.")
                : open("tables-ready", title, withoutFence(streamed.ready()) + " tables");
    }

    /// How tables come to follow that do not: a subscription copies whatever it finds new in its publication, so it
    /// has to have forgotten first that it once knew a table of that name.
    private String joining(Set<TableRef> lacking) {
        String tables = lacking.stream().map(SqlNames::quoted).collect(Collectors.joining(", only "));
        String refresh =
                "alter subscription " + SqlNames.quoted(plan.id().subscription(owner)) + " refresh publication;";
        String publication = SqlNames.quoted(plan.id().publication(owner));
        return "Make them on the " + owner.other().word() + " too, if they are not there. One after the other: on the "
                + owner.other().word() + " " + refresh + " truncate only " + tables + "; on the " + owner.word()
                + " alter publication " + publication + " add table only " + tables + "; on the "
                + owner.other().word() + " " + refresh + " They are copied then. Verify again when they follow.";
    }

    /// Handover's own table follows too, but nobody would find it among theirs.
    private static long withoutFence(Set<TableRef> tables) {
        return tables.stream()
                .filter(table -> !table.equals(Publications.FENCE))
                .count();
    }

    /// New tables and changed columns since the copy: what the stream would stop at, or pass over in silence.
    private GateReading drift(Connection from, Connection to) throws SQLException {
        var here = Catalog.allColumns(from);
        var there = Catalog.allColumns(to);
        Set<TableRef> whole =
                Catalog.unmeasured(to).stream().map(TableInfo::table).collect(Collectors.toSet());
        Set<TableRef> different = new TreeSet<>();
        for (TableInfo table : Catalog.unmeasured(from)) {
            if (plan.scope().includes(table.table())) {
                var columns = here.getOrDefault(table.table(), List.of());
                // the rows of a partition go by its root's name where that is no partitioned table over there
                TableRef counterpart = whole.contains(table.root()) ? table.root() : table.table();
                if (!there.containsKey(counterpart) && !columns.isEmpty()) {
                    different.add(table.table());
                } else if (!shape(columns).equals(shape(there.getOrDefault(counterpart, List.of())))) {
                    different.add(table.table());
                }
            }
        }
        String title = "Both sides have the same tables and columns";
        return different.isEmpty()
                ? open("no-drift", title, here.size() + " tables compared")
                : closed(
                        "no-drift",
                        title,
                        "different: " + names(different),
                        "Make the same change on the other side; what a new table needs besides is said above. If it"
                                + " cannot be made: " + afresh,
                        "Rows of a table or column that the stream does not carry would be missing.");
    }

    private static Set<String> shape(List<ColumnInfo> columns) {
        return columns.stream().map(c -> c.name() + " " + c.type()).collect(Collectors.toSet());
    }

    private static String names(Set<TableRef> tables) {
        return tables.stream().limit(5).map(TableRef::display).collect(Collectors.joining(", "))
                + (tables.size() > 5 ? " and " + (tables.size() - 5) + " more" : "");
    }
}
