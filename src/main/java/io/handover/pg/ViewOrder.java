package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the order in which materialized views can be refreshed.
final class ViewOrder {

    private static final String VIEWS = """
            select c.oid, n.nspname, c.relname, c.relispopulated, c.relkind = 'm',
                   array(select distinct d.refobjid::bigint
                           from pg_catalog.pg_rewrite r
                           join pg_catalog.pg_depend d
                             on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                            and d.refclassid = 'pg_catalog.pg_class'::regclass
                          where r.ev_class = c.oid and d.refobjid <> c.oid)
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('v', 'm') and c.relpersistence <> 't' and %s and %s
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private final Map<Long, View> views;
    private final Set<Long> seen = new HashSet<>();
    private final List<MaterializedView> order = new ArrayList<>();

    private ViewOrder(Map<Long, View> views) {
        this.views = views;
    }

    static List<MaterializedView> read(Connection connection) throws SQLException {
        var views = new LinkedHashMap<Long, View>();
        try (PreparedStatement query = connection.prepareStatement(VIEWS);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var view = new MaterializedView(new TableRef(row.getString(2), row.getString(3)), row.getBoolean(4));
                Long[] reads = (Long[]) row.getArray(6).getArray();
                views.put(row.getLong(1), new View(view, row.getBoolean(5), List.of(reads)));
            }
        }
        var search = new ViewOrder(views);
        views.keySet().forEach(search::visit);
        return search.order;
    }

    private void visit(Long oid) {
        View view = views.get(oid);
        if (view == null || !seen.add(oid)) {
            return; // a table, or done, or a loop of views, which cannot be read in any order
        }
        view.reads().forEach(this::visit);
        if (view.materialized()) {
            order.add(view.view());
        }
    }

    private record View(MaterializedView view, boolean materialized, List<Long> reads) {}
}
