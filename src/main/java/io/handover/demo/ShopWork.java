package io.handover.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one writer of the shop does in its transactions: everything that a stream of changes must carry. Used by one
/// thread.
final class ShopWork {

    private static final int FIRST_PRODUCT = 1000;
    private static final int PRODUCTS = 300;
    private static final int REMEMBERED = 50;

    private final int writer;
    private final long customers;
    private final SplittableRandom random;
    private final boolean truncating;
    private final Deque<Order> orders = new ArrayDeque<>();
    private final Deque<View> views = new ArrayDeque<>();
    private final List<Runnable> whenCommitted = new ArrayList<>();
    private long missed;

    private record Order(long id, OffsetDateTime placedAt) {}

    private record View(OffsetDateTime seenAt, long customer) {}

    /// @param writer     number of the writer; also its share of what must not collide
    /// @param customers  how many the shop has
    /// @param truncating whether a table may be emptied by `TRUNCATE`
    ShopWork(int writer, long customers, boolean truncating) {
        this.truncating = truncating;
        this.writer = writer;
        this.customers = customers;
        this.random = new SplittableRandom(writer);
    }

    /// Does one piece of work, by chance, in the open transaction.
    ///
    /// @return what it was, for the ledger
    String work(Connection db) throws SQLException {
        whenCommitted.clear();
        missed = 0;
        int chance = random.nextInt(1000);
        if (chance < 300) {
            return placeOrder(db);
        } else if (chance < 420) {
            return payOrder(db);
        } else if (chance < 450) {
            return cancelOrder(db);
        } else if (chance < 620) {
            return viewPage(db);
        } else if (chance < 660) {
            return correctView(db);
        } else if (chance < 680) {
            return forgetView(db);
        } else if (chance < 780) {
            return changeCustomer(db);
        } else if (chance < 860) {
            return readDocument(db);
        } else if (chance < 875) {
            return rewriteDocument(db);
        } else if (chance < 895) {
            return changePrice(db);
        } else if (chance < 930) {
            return keepSession(db);
        } else if (chance < 960) {
            return changeOfMind(db);
        } else if (chance < 990) {
            return scribble(db, 1 + random.nextInt(5));
        } else if (chance < 995) {
            return writeNote(db);
        } else if (chance < 998) {
            return wipe(db);
        } else if (chance < 999) {
            return redraw(db);
        }
        return scribble(db, 2000);
    }

    /// To be called when the transaction is known to be committed.
    ///
    /// @return how many rows that were known to be committed it did not find
    long committed() {
        whenCommitted.forEach(Runnable::run);
        return missed;
    }

    private String placeOrder(Connection db) throws SQLException {
        Order order;
        try (var insert = db.prepareStatement(
                "insert into shop.orders (customer_id, note) values (?, ?) returning id, placed_at")) {
            insert.setLong(1, customer());
            insert.setString(2, random.nextInt(8) == 0 ? "line one\nline two \\." : null);
            try (var row = insert.executeQuery()) {
                row.next();
                order = new Order(row.getLong(1), row.getObject(2, OffsetDateTime.class));
            }
        }
        var products = new TreeSet<Integer>(); // in order, so that two orders cannot wait for each other
        for (int n = random.nextInt(4); n >= 0; n--) {
            products.add(product());
        }
        int line = 0;
        for (int product : products) {
            update(
                    db,
                    "insert into shop.order_lines (order_id, placed_at, line_no, product_id, quantity, unit_price)"
                            + " select ?, ?, ?, id, ?, price from shop.products where id = ?",
                    order.id(),
                    order.placedAt(),
                    ++line,
                    1 + random.nextInt(3),
                    product);
            update(db, "update shop.stock set quantity = quantity - 1 where product_id = ?", product);
        }
        whenCommitted.add(() -> remember(orders, order));
        return "place order";
    }

    private String payOrder(Connection db) throws SQLException {
        Order order = orders.peekFirst();
        if (order == null) {
            return placeOrder(db);
        }
        mustHit(update(
                db,
                "update shop.orders set status = 'paid' where id = ? and placed_at = ?",
                order.id(),
                order.placedAt()));
        update(db, "insert into shop.invoices (order_id, amount) values (?, ?)", order.id(), random.nextInt(9000));
        whenCommitted.add(() -> orders.addLast(orders.removeFirst()));
        return "pay order";
    }

    private String cancelOrder(Connection db) throws SQLException {
        Order order = orders.peekFirst();
        if (order == null) {
            return placeOrder(db);
        }
        // its lines go with it
        mustHit(update(db, "delete from shop.orders where id = ? and placed_at = ?", order.id(), order.placedAt()));
        whenCommitted.add(orders::removeFirst);
        return "cancel order";
    }

    private String viewPage(Connection db) throws SQLException {
        View view;
        long customer = customer();
        try (var insert = db.prepareStatement("insert into shop.page_views (seen_at, customer_id, path, took_ms)"
                + " values (clock_timestamp(), ?, ?, ?) returning seen_at")) {
            insert.setLong(1, customer);
            insert.setString(2, "/product/" + product());
            insert.setInt(3, random.nextInt(900));
            try (var row = insert.executeQuery()) {
                row.next();
                view = new View(row.getObject(1, OffsetDateTime.class), customer);
            }
        }
        whenCommitted.add(() -> remember(views, view));
        return "view page";
    }

    private String correctView(Connection db) throws SQLException {
        View view = views.peekFirst();
        if (view == null) {
            return viewPage(db);
        }
        mustHit(update(
                db,
                "update shop.page_views set took_ms = ?, referrer = ? where seen_at = ? and customer_id = ?",
                random.nextInt(900),
                random.nextBoolean() ? "https://search.example/" : null,
                view.seenAt(),
                view.customer()));
        return "correct view";
    }

    private String forgetView(Connection db) throws SQLException {
        View view = views.peekFirst();
        if (view == null) {
            return viewPage(db);
        }
        mustHit(update(
                db,
                "delete from shop.page_views where seen_at = ? and customer_id = ?",
                view.seenAt(),
                view.customer()));
        whenCommitted.add(views::removeFirst);
        return "forget view";
    }

    private String changeCustomer(Connection db) throws SQLException {
        mustHit(update(
                db,
                "update shop.customers set preferences = preferences || jsonb_build_object('seen', ?::int),"
                        + " balance = balance + ?, phones[2] = ? where id = ?",
                random.nextInt(1000),
                random.nextInt(100),
                random.nextBoolean() ? "+33 \"1\", {2}" : null,
                customer()));
        return "change customer";
    }

    /// The big column stays as it is: the stream says "unchanged" instead of its value.
    private String readDocument(Connection db) throws SQLException {
        update(db, "update shop.documents set views = views + 1 where title = ?", "Manual " + (1 + random.nextInt(40)));
        return "read document";
    }

    private String rewriteDocument(Connection db) throws SQLException {
        update(
                db,
                "update shop.documents set body = body || jsonb_build_object('edition', ?::int) where title = ?",
                random.nextInt(1000),
                "Manual " + (1 + random.nextInt(40)));
        return "rewrite document";
    }

    private String changePrice(Connection db) throws SQLException {
        mustHit(update(
                db,
                "update shop.products set price = ?, dimensions = dimensions || hstore('seen', ?) where id = ?",
                1 + random.nextInt(900),
                random.nextBoolean() ? "yes" : null,
                product()));
        return "change price";
    }

    private String keepSession(Connection db) throws SQLException {
        update(
                db,
                "insert into shop.sessions (token, customer_id) values (?, ?)"
                        + " on conflict (token) do update set seen_at = clock_timestamp()",
                "writer " + writer + "/" + random.nextInt(100),
                customer());
        return "keep session";
    }

    /// One part of the transaction fails and is taken back; the rest stands.
    private String changeOfMind(Connection db) throws SQLException {
        scribble(db, 1);
        var before = db.setSavepoint();
        try {
            scribble(db, 3);
            update(
                    db,
                    "insert into shop.customers (email, name) select email, 'twice' from shop.customers where id = ?",
                    customer());
        } catch (SQLException e) {
            if (!"23505".equals(e.getSQLState())) {
                throw e;
            }
            db.rollback(before); // as intended
        }
        scribble(db, 1);
        return "change of mind";
    }

    private String scribble(Connection db, int rows) throws SQLException {
        update(
                db,
                "insert into app.scratch (writer, v) select ?, md5(n::text) from generate_series(1, ?) n",
                writer,
                rows);
        return rows > 100 ? "scribble a lot" : "scribble";
    }

    private String writeNote(Connection db) throws SQLException {
        update(
                db,
                "insert into \"Back Office\".\"Order Notes\" (\"order\", \"Mixed Case\", \"it's\", \"🐘\")"
                        + " select n, writer || '/' || n, clock_timestamp()::text, 'né'"
                        + " from (select nextval('\"Back Office\".\"Ticket No\"') as n, ?::text as writer) t",
                "writer " + writer);
        return "write note";
    }

    private String wipe(Connection db) throws SQLException {
        update(db, truncating ? "truncate app.scratch" : "delete from app.scratch");
        return "wipe";
    }

    /// Locks the row first: of two that write one page of a large object at the same time, the second would fail with
    /// "tuple concurrently updated" (XX000).
    private String redraw(Connection db) throws SQLException {
        try (var query = db.prepareStatement("select lo_put(content, ?, convert_to(?, 'UTF8')) from"
                + " (select content from shop.attachments where name = 'logo.png' for update) logo")) {
            query.setLong(1, random.nextInt(1000));
            query.setString(2, "writer " + writer);
            query.execute();
        }
        return "redraw";
    }

    private long customer() {
        return 1 + random.nextLong(customers);
    }

    private int product() {
        return FIRST_PRODUCT + random.nextInt(PRODUCTS);
    }

    private void mustHit(int rows) {
        if (rows == 0) {
            missed++;
        }
    }

    private static <T> void remember(Deque<T> queue, T item) {
        queue.addLast(item);
        if (queue.size() > REMEMBERED) {
            queue.removeFirst();
        }
    }

    private static int update(Connection db, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int n = 0; n < values.length; n++) {
                statement.setObject(n + 1, values[n]);
            }
            return statement.executeUpdate();
        }
    }
}
