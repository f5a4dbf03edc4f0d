package io.handover.demo;

import io.handover.model.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/// A shop's database: tables, types, views and names of every kind that a migration meets, with data.
///
/// What it needs beside PostgreSQL itself are the extensions `hstore` and `btree_gist`.
public final class ShopSchema {

    /// Some 200,000 order lines, 80,000 orders, 50,000 customers: a minute's work for a slow migration.
    public static final double FULL = 1;

    /// Enough for a test: some 4,000 order lines.
    public static final double SMALL = 0.02;

    private ShopSchema() {}

    /// Fills an empty database; a few seconds for `FULL` on two cores.
    ///
    /// @param database with a superuser's login
    /// @param scale    over 0; multiplies the number of customers, orders and their like
    public static void load(Endpoint database, double scale) throws SQLException, IOException {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("scale must be over 0, not " + scale);
        }
        try (var connection = Login.forScripts(database, "shop set-up");
                var sql = connection.createStatement()) {
            sql.setEscapeProcessing(false); // braces are SQL here, not JDBC
            sql.execute("set synchronous_commit = off"); // these data can be made again
            sql.execute("set shop.scale = '" + scale + "'");
            sql.execute(script("shop-tables.sql"));
            sql.execute(script("shop-data.sql"));
            sql.execute(script("shop-rules.sql"));
            if (connection.getMetaData().getDatabaseMajorVersion() >= 14) {
                sql.execute(script("shop-14.sql"));
            }
            sql.execute("analyze");
        }
    }

    /// A script; sent as one, it is one transaction.
    private static String script(String name) throws IOException {
        try (var file = ShopSchema.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IOException("The program is incomplete: " + name + " is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
