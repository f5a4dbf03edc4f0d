package io.handover.demo;

import io.handover.model.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.regex.Pattern;

/// A shop's database: tables, types, views and names of every kind that a migration meets, with data. PostgreSQL 10 or
/// later; what an older server lacks (keys of partitioned tables, generated columns) its shop does without.
///
/// What it needs beside PostgreSQL itself are the extensions `hstore` and `btree_gist`.
public final class ShopSchema {

    /// Some 200,000 order lines, 80,000 orders, 50,000 customers: a minute's work for a slow migration.
    public static final double FULL = 1;

    /// Enough for a test: some 4,000 order lines.
    public static final double SMALL = 0.02;

    private static final Pattern SINCE = Pattern.compile(".* -- since (\\d+)");
    private static final Pattern BEFORE = Pattern.compile(" *-- before (\\d+): (.*)");

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
            int major = connection.getMetaData().getDatabaseMajorVersion();
            sql.execute(worded(script("shop-tables.sql"), major));
            sql.execute(script("shop-data.sql"));
            sql.execute(worded(script("shop-rules.sql"), major));
            if (major >= 14) {
                sql.execute(script("shop-14.sql"));
            }
            sql.execute("analyze");
        }
    }

    /// The script for a server of that version: without the lines that end in `-- since` a later one, and with those
    /// that begin with `-- before` a later one.
    private static String worded(String script, int major) {
        var text = new StringBuilder();
        for (String line : script.lines().toList()) {
            var since = SINCE.matcher(line);
            var before = BEFORE.matcher(line);
            if (before.matches()) {
                text.append(major < Integer.parseInt(before.group(1)) ? before.group(2) : "");
            } else if (!since.matches() || major >= Integer.parseInt(since.group(1))) {
                text.append(line);
            }
            text.append('\n');
        }
        return text.toString();
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
