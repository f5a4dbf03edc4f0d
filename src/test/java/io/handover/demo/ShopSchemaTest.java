package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShopSchemaTest {

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "16", "18"})
    void theShopOpensOnEveryVersionAMigrationStartsFrom(String major) throws Exception {
        var server = PgServer.major(major);
        var database = server.newDatabase();
        ShopSchema.load(server.endpoint(database), ShopSchema.SMALL);
        try (var db = server.open(database)) {
            assertEquals(3, number(db, "select count(*) from pg_largeobject_metadata"));
            assertEquals(2, number(db, "select count(*) from pg_matviews where ispopulated"));
            assertTrue(number(db, "select count(*) from shop.orders_default") > 0, "orders older than a year");
            assertTrue(number(db, "select count(*) from shop.orders_archive") > 0, "orders of 2014");
            assertEquals(0, number(db, "select count(*) from shop.order_totals where lines = 0"));
            assertEquals(major.equals("13") ? 0 : 1, number(db, "select count(*) from pg_proc where proname = 'vat'"));
        }
    }

    @Test
    void theSameScaleMakesTheSameRows() throws Exception {
        var server = PgServer.major("15");
        var databases = List.of(server.newDatabase(), server.newDatabase());
        for (String database : databases) {
            ShopSchema.load(server.endpoint(database), ShopSchema.SMALL);
        }
        try (var one = server.open(databases.getFirst());
                var two = server.open(databases.getLast())) {
            String customers = "select sum(hashtext(row(id, email, name, address, phones)::text)) from shop.customers";
            assertEquals(number(one, customers), number(two, customers));
            String lines = "select sum(product_id * line_no::bigint * quantity) from shop.order_lines";
            assertEquals(number(one, lines), number(two, lines));
        }
    }

    @Test
    void theFullShopIsLoadedInSeconds() throws Exception {
        var server = PgServer.major("15");
        var database = server.newDatabase();
        long start = System.nanoTime();
        ShopSchema.load(server.endpoint(database), ShopSchema.FULL);
        var took = Duration.ofNanos(System.nanoTime() - start);
        try (var db = server.open(database)) {
            assertTrue(number(db, "select count(*) from shop.order_lines") > 150_000);
            assertEquals(50_000, number(db, "select count(*) from shop.customers"));
            assertTrue(number(db, "select max(pg_column_size(body)) from shop.documents") > 5_000, "wide rows");
            // far more than it needs, for machines under load
            assertTrue(took.toSeconds() < 60, "took " + took);
        }
        server.drop(database);
    }

    @Test
    void theLongNamesAreAsLongAsNamesCanBe() throws Exception {
        var server = PgServer.major("15");
        var database = server.newDatabase();
        ShopSchema.load(server.endpoint(database), ShopSchema.SMALL);
        try (var db = server.open(database)) {
            assertEquals(63, number(db, """
                    select max(octet_length(relname)) from pg_class where relnamespace = '"Back Office"'::regnamespace
                       and relkind = 'r'"""));
            assertEquals(63, number(db, """
                    select max(octet_length(attname)) from pg_attribute
                     where attrelid = '"Back Office".sixty_three_bytes_is_the_longest_name_that_postgresql_will_hold'::regclass
                    """));
        }
    }

    private static long number(Connection db, String query) throws SQLException {
        try (var sql = db.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
