package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which tables an ALTER has touched since, and that nothing else counts.
class AlteredTablesTest {

    private static final String TABLES = """
            create table plain (id int primary key, v text);
            insert into plain select i, 'v' from generate_series(1, 100) i;
            create table "Odd ""name" (id int primary key, n int);
            create table other (id int primary key);
            create table whole (id int, n int) partition by range (id);
            create table leaf partition of whole for values from (0) to (10);
            create table guest (id int, n int);
            """;

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "18"})
    void whatMayChangeRowsPastTheStreamIsSeenAndNothingElse(String major) throws Exception {
        var server = PgServer.major(major);
        var database = server.newDatabase();
        try (var db = server.open(database);
                var open = server.open(database)) {
            run(db, TABLES);
            open.setAutoCommit(false);
            run(open, "savepoint a; alter table other add column late int default 1; release a; select 1");
            run(db, "alter table guest alter n type bigint; alter table guest alter n type int"); // has ended, though
            // an older one is
            // running still
            String earlier = AlteredTables.now(db, false);
            assertEquals(Set.of(), AlteredTables.since(db, earlier));

            run(db, "insert into plain values (101, 'w'); delete from plain where id < 50");
            run(db, "truncate \"Odd \"\"name\"");
            for (String statement : new String[] {
                "vacuum full plain",
                "cluster plain using plain_pkey",
                "vacuum analyze plain",
                "create index on plain (v)",
                "create temp table mine (id int)",
                "create view seen as select * from plain",
                "alter table plain replica identity full",
                "grant select on plain to public",
                "comment on column plain.v is 'v'"
            }) {
                run(db, statement);
            }
            assertEquals(Set.of(), AlteredTables.since(db, earlier), "none of these touches a row past the stream");

            open.commit();
            assertEquals(refs("other"), AlteredTables.since(db, earlier), "it was running then");
            run(db, "begin; savepoint b; alter table \"Odd \"\"name\" alter n type int using n * 100; commit");
            assertEquals(refs("other", "Odd \"name"), AlteredTables.since(db, earlier));
            run(db, "alter table whole detach partition leaf");
            assertEquals(refs("other", "Odd \"name", "leaf"), AlteredTables.since(db, earlier));
            String later = AlteredTables.now(db, false);
            run(db, "alter table whole attach partition guest for values from (10) to (20)");
            assertEquals(refs("guest"), AlteredTables.since(db, later));
            run(db, "create table made (id int); drop table plain cascade; create table plain (id int)");
            assertEquals(refs("guest", "made", "plain"), AlteredTables.since(db, later));
            assertEquals(Set.of(), AlteredTables.since(db, AlteredTables.now(db, false)));

            long next = Long.parseLong(later.split(" ", -1)[1]) + 1_000_000;
            assertEquals(
                    refs("other", "Odd \"name", "leaf", "guest", "made", "plain", "whole"),
                    AlteredTables.since(db, next + " " + next),
                    "a server that was set back knows nothing of what was seen then");
        }
    }

    /// As is asked where a side is PostgreSQL 10, whose streams carry no TRUNCATE.
    @ParameterizedTest
    @ValueSource(strings = {"10", "18"})
    void whereFilesAreNotedATruncateIsSeenToo(String major) throws Exception {
        var server = PgServer.major(major);
        try (var db = server.open(server.newDatabase());
                var open = server.open(db.getCatalog())) {
            run(
                    db,
                    "create table a (id int primary key); create table b (id int); create table c (id int); create unlogged table u (id int)");
            run(db, "insert into a select 1; insert into b select 1");
            open.setAutoCommit(false);
            run(open, "truncate b");
            String earlier = AlteredTables.now(db, true);
            run(
                    db,
                    "vacuum analyze a; create index on a (id); grant select on a to public; insert into c select 1; truncate u");
            assertEquals(Set.of(), AlteredTables.since(db, earlier));

            open.commit();
            assertEquals(refs("b"), AlteredTables.since(db, earlier), "it was running then");
            run(db, "truncate a; alter table c add d int");
            assertEquals(refs("a", "b", "c"), AlteredTables.since(db, earlier));
            assertEquals(Set.of(), AlteredTables.since(db, AlteredTables.now(db, true)));
        }
    }

    private static Set<TableRef> refs(String... names) {
        return Arrays.stream(names)
                .map(name -> new TableRef("public", name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void run(Connection connection, String statements) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statements);
        }
    }
}
