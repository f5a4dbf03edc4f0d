package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who depends on whom in a database, and which relations there are. Two statements, whatever the number of
/// objects.
final class DependencyGraph {

    /// OIDs of catalogues are the same on every server.
    static final long RELATIONS = 1259;

    static final long DEFAULTS = 2604;
    static final long SCHEMAS = 2615;

    /// An object of the database.
    ///
    /// @param catalogue OID of its catalogue
    /// @param oid       OID in it
    record Node(long catalogue, long oid) {}

    /// That `dependent` needs `needed`.
    ///
    /// @param kind `pg_depend.deptype`: `n` normal, `a` automatic, `i` internal, `P` and `S` partition
    record Edge(Node dependent, Node needed, char kind) {}

    /// A table, view, index, sequence …
    ///
    /// @param kind      `pg_class.relkind`
    /// @param partition true for a partition
    /// @param parent    OID of the partitioned table or index it is a part of; 0 for none
    record Relation(Node node, TableRef name, char kind, boolean partition, long parent) {}

    private final Map<Node, Relation> relations;
    private final Map<String, Node> schemas;
    private final Map<Node, List<Edge>> needing = new HashMap<>();
    private final Map<Node, List<Edge>> needs = new HashMap<>();

    private DependencyGraph(Map<Node, Relation> relations, Map<String, Node> schemas) {
        this.relations = relations;
        this.schemas = schemas;
    }

    /// Reads the objects of users and extensions; what is PostgreSQL's own can neither be left out nor miss.
    static DependencyGraph read(Connection connection) throws SQLException {
        var relations = new HashMap<Node, Relation>();
        var schemas = new HashMap<String, Node>();
        try (PreparedStatement query = connection.prepareStatement("""
                        select n.oid, n.nspname, c.oid, c.relname, c.relkind, c.relispartition, coalesce(i.inhparent, 0)
                          from pg_catalog.pg_namespace n
                          left join pg_catalog.pg_class c on c.relnamespace = n.oid
                          left join pg_catalog.pg_inherits i on i.inhrelid = c.oid and c.relispartition
                         where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String schema = row.getString(2);
                schemas.put(schema, new Node(SCHEMAS, row.getLong(1)));
                String name = row.getString(4);
                if (name != null) {
                    var node = new Node(RELATIONS, row.getLong(3));
                    relations.put(
                            node,
                            new Relation(
                                    node,
                                    new TableRef(schema, name),
                                    row.getString(5).charAt(0),
                                    row.getBoolean(6),
                                    row.getLong(7)));
                }
            }
        }
        var graph = new DependencyGraph(relations, schemas);
        try (PreparedStatement query = connection.prepareStatement("""
                        select distinct classid::bigint, objid::bigint, refclassid::bigint, refobjid::bigint, deptype
                          from pg_catalog.pg_depend
                         where classid <> 0 and (classid, objid) <> (refclassid, refobjid)
                           and objid >= 16384
                           and (refobjid >= 16384 or refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass)
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                graph.add(new Edge(
                        new Node(row.getLong(1), row.getLong(2)),
                        new Node(row.getLong(3), row.getLong(4)),
                        row.getString(5).charAt(0)));
            }
        }
        return graph;
    }

    private void add(Edge edge) {
        needing.computeIfAbsent(edge.needed(), _ -> new ArrayList<>()).add(edge);
        needs.computeIfAbsent(edge.dependent(), _ -> new ArrayList<>()).add(edge);
    }

    /// Everything that is known of.
    Collection<Node> nodes() {
        return needs.keySet();
    }

    /// Tables, views, indexes, sequences and the like.
    Map<Node, Relation> relations() {
        return relations;
    }

    /// The schemas by name.
    Map<String, Node> schemas() {
        return schemas;
    }

    /// What needs `node`.
    List<Edge> needing(Node node) {
        return needing.getOrDefault(node, List.of());
    }

    /// What `node` needs.
    List<Edge> needs(Node node) {
        return needs.getOrDefault(node, List.of());
    }
}
