package io.handover.pg;

import io.handover.model.Scope;
import io.handover.model.TableRef;
import io.handover.pg.DependencyGraph.Edge;
import io.handover.pg.DependencyGraph.Node;
import io.handover.pg.DependencyGraph.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Leaves out of a schema dump what stays behind.
///
/// With a table go its indexes, constraints, triggers and its own sequence, its partitions, and whatever
/// cannot be without it: views, functions over its rows, foreign keys that point to it. Of a schema that is
/// left out, tables go like that; the rest of it goes too, but for what a remaining object needs.
public final class ScopeFilter {

    private final DependencyGraph graph;
    private final Scope scope;
    private final Set<Node> chosen;
    private final Set<Node> gone;

    private ScopeFilter(DependencyGraph graph, Scope scope) {
        this.graph = graph;
        this.scope = scope;
        this.chosen = graph.relations().values().stream()
                .filter(relation -> "rpfvm".indexOf(relation.kind()) >= 0 && isOut(relation))
                .map(Relation::node)
                .collect(Collectors.toSet());
        this.gone = closure(chosen, _ -> true);
    }

    /// What remains of a dump.
    ///
    /// @param entries what moves
    /// @param notes   what was left out although nobody named it, for people
    /// @param broken  why the scope cannot be: tables that move but need something that does not; empty if
    /// it can
    public record Filtered(List<DumpEntry> entries, List<String> notes, List<String> broken) {

        /// Copies the lists.
        public Filtered {
            entries = List.copyOf(entries);
            notes = List.copyOf(notes);
            broken = List.copyOf(broken);
        }
    }

    /// Filters the dump of the database that `source` is connected to.
    public static Filtered apply(List<DumpEntry> entries, Scope scope, Connection source) throws SQLException {
        if (scope.isEverything()) {
            return new Filtered(entries, List.of(), List.of());
        }
        return new ScopeFilter(DependencyGraph.read(source), scope).filter(entries);
    }

    private Filtered filter(List<DumpEntry> entries) {
        Set<Node> own = closure(chosen, edge -> edge.kind() != 'n');
        Set<Node> out = new HashSet<>(gone);
        out.addAll(unneeded());
        Set<TableRef> outNames = out.stream()
                .map(graph.relations()::get)
                .filter(relation -> relation != null)
                .map(Relation::name)
                .collect(Collectors.toSet());
        var kept = new ArrayList<DumpEntry>();
        var notes = new ArrayList<String>();
        var outIds = new HashSet<Integer>();
        for (DumpEntry entry : entries) {
            Node node = node(entry);
            if (out.contains(node)
                    || entry.dependencies().stream().anyMatch(outIds::contains)
                    || attaches(entry, outNames)) {
                outIds.add(entry.id());
                if (gone.contains(node) && !own.contains(node)) {
                    notes.add(entry.display());
                }
            } else {
                kept.add(entry);
            }
        }
        return new Filtered(kept, notes, broken());
    }

    /// Tables that move and would lose themselves or the default of a column.
    private List<String> broken() {
        var broken = new ArrayList<String>();
        for (Relation relation : graph.relations().values()) {
            boolean table = relation.kind() == 'r' || relation.kind() == 'p';
            if (!table || isOut(relation)) {
                continue;
            }
            String name = relation.name().display();
            if (gone.contains(relation.node())) {
                broken.add("the table " + name + " needs something that stays behind");
            }
            for (Edge edge : graph.needing(relation.node())) {
                if (edge.dependent().catalogue() == DependencyGraph.DEFAULTS && gone.contains(edge.dependent())) {
                    broken.add("a default of the table " + name + " needs something that stays behind");
                }
            }
        }
        return broken.stream().distinct().sorted().toList();
    }

    /// A partition goes the way of its root.
    private boolean isOut(Relation relation) {
        if (!scope.includes(relation.name())) {
            return true;
        }
        Relation parent = graph.relations().get(new Node(DependencyGraph.RELATIONS, relation.parent()));
        return relation.partition() && parent != null && isOut(parent);
    }

    /// What cannot be without `start`, as `DROP … CASCADE` sees it: the dependents, and the whole of which
    /// one of them is an inner part.
    private Set<Node> closure(Collection<Node> start, Predicate<Edge> follow) {
        var found = new HashSet<>(start);
        var open = new ArrayDeque<>(start);
        while (!open.isEmpty()) {
            Node node = open.remove();
            for (Edge edge : graph.needing(node)) {
                if (follow.test(edge) && found.add(edge.dependent())) {
                    open.add(edge.dependent());
                }
            }
            for (Edge edge : graph.needs(node)) {
                if (edge.kind() == 'i' && found.add(edge.needed())) {
                    open.add(edge.needed());
                }
            }
        }
        return found;
    }

    /// Members of excluded schemas that no remaining object needs, and those schemas.
    private Set<Node> unneeded() {
        var excluded = scope.excludedSchemas().stream()
                .map(graph.schemas()::get)
                .filter(node -> node != null)
                .collect(Collectors.toSet());
        var members = closure(excluded, edge -> excluded.contains(edge.needed()) || edge.kind() != 'n');
        var open = new ArrayDeque<Node>();
        for (Node node : graph.nodes()) {
            if (!members.contains(node) && !gone.contains(node)) {
                open.add(node);
            }
        }
        members.removeAll(gone);
        while (!open.isEmpty()) {
            Node node = open.remove();
            graph.needs(node).forEach(edge -> need(edge.needed(), members, open));
            for (Edge part : graph.needing(node)) {
                if (part.kind() != 'n') {
                    need(part.dependent(), members, open);
                }
            }
        }
        return members;
    }

    private static void need(Node node, Set<Node> members, ArrayDeque<Node> open) {
        if (members.remove(node)) {
            open.add(node);
        }
    }

    /// The heading of row security names its table by OID, without a catalogue.
    private static Node node(DumpEntry entry) {
        boolean bare = entry.objectClass() == 0 && entry.object() != 0;
        return new Node(bare ? DependencyGraph.RELATIONS : entry.objectClass(), entry.object());
    }

    /// What makes a partition out of a table or an index has neither an OID nor a dependency in its heading.
    private static boolean attaches(DumpEntry entry, Set<TableRef> out) {
        return entry.type().endsWith(" ATTACH")
                && SqlStatement.all(entry.sql()).stream()
                        .anyMatch(s -> s.relationAfter("ATTACH", "PARTITION")
                                        .filter(out::contains)
                                        .isPresent()
                                || s.relationAfter("TABLE")
                                        .filter(out::contains)
                                        .isPresent()
                                || s.relationAfter("INDEX")
                                        .filter(out::contains)
                                        .isPresent());
    }
}
