package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.pg.PgDump;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A copy of which one table, `last`, is told to wait, so that indexes of the others can be built beside it.
final class EarlyCopy implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);
    static final TableRef LAST = new TableRef("public", "last");

    /// Of `first` an index alone, of `second` several, and of each kind that has to wait for all rows one.
    private static final String SCHEMA = """
            create table first (id int, v text);
            insert into first select i, 'v' || i from generate_series(1, 2000) i;
            create index first_v on first (v);
            create table second (id int primary key, u int unique, v text, d int unique deferrable);
            insert into second select i, i, 'v' || i, i from generate_series(1, 1000) i;
            create index second_v on second (lower(v)) where id > 10;
            alter table second replica identity using index second_pkey;
            create function other(int) returns int language plpgsql immutable as
                'begin return (select max(id) from public.last where public.last.id <= $1); end';
            create domain chosen as int check (other(value) > 0);
            create table last (id int primary key, v text);
            insert into last select i, 'v' || i from generate_series(1, 1000) i;
            create index last_v on last (v);
            create index second_other on second (other(id));
            create function ordered(int, int) returns int language plpgsql immutable as
                'begin return (select sign($1 - $2) from (select count(*) from public.last) x); end';
            create operator class own for type int4 using btree as operator 1 <, operator 2 <=, operator 3 =,
                operator 4 >=, operator 5 >, function 1 ordered(int, int);
            create index second_own on second (id own);
            create index second_chosen on second ((id::chosen));
            create table leaves (id int primary key, v text) partition by range (id);
            create table leaf_a partition of leaves for values from (0) to (500);
            create table leaf_b partition of leaves for values from (500) to (9999);
            insert into leaves select i, 'v' || i from generate_series(1, 1000) i;
            create index leaves_v on leaves (v);
            create table parent (id int primary key, v text);
            create table heir (primary key (id)) inherits (parent);
            insert into parent select i, 'v' from generate_series(1, 100) i;
            insert into heir select i, 'v' from generate_series(200, 300) i;
            alter table first replica identity full;
            alter table second add constraint to_last foreign key (u) references last;
            """;

    private static final String OBJECTS = """
            select coalesce(string_agg(line, e'\\n' order by line), '') from (
                select pg_get_indexdef(indexrelid) || ' ' || indisvalid || indisready || indisreplident as line
                  from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
                union all
                select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
                  from pg_constraint where contype <> 'n' and connamespace = 'public'::regnamespace) x
            """;

    final TestContext with;
    final EarlyIndexes early;

    private EarlyCopy(TestContext with, EarlyIndexes early) {
        this.with = with;
        this.early = early;
    }

    static EarlyCopy between(PgServer source, PgServer target) throws Exception {
        var with = TestContext.between(source, target);
        SchemaAndIndexTest.run(with, Side.SOURCE, SCHEMA);
        assertDone(new SchemaStep(PgDump.installed(with.threads())).run(with));
        return new EarlyCopy(with, new EarlyIndexes(0));
    }

    /// The same migration in another run of the app.
    EarlyCopy again() {
        return new EarlyCopy(with.again(), new EarlyIndexes(0));
    }

    Future<StepOutcome> startCopy() {
        return with.threads().single("step").submit(() -> new BaselineStep(LONG, 256L << 20, early).run(with));
    }

    Future<StepOutcome> startIndexes() {
        return with.threads().single("indexes").submit(() -> new IndexStep(early).run(with));
    }

    /// Copies all but `last`, with a lock on the target that keeps `tables` from being indexed.
    Future<StepOutcome> copyWithBlocked(DbSession lock, String tables) throws Exception {
        lock.jdbc().setAutoCommit(false);
        lock.change("lock table " + tables + " in row exclusive mode");
        with.heldTables().hold(LAST, true);
        Future<StepOutcome> copy = startCopy();
        Eventually.await(LONG, "an index waits for the lock", () -> !blocked().isEmpty());
        return copy;
    }

    /// Backends that build beside the copy and wait for a lock.
    List<String> blocked() throws SQLException {
        return builders(" and wait_event_type = 'Lock'");
    }

    List<String> builders(String more) throws SQLException {
        return SchemaAndIndexTest.rows(
                with,
                Side.TARGET,
                "select pid from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'handover early index %'" + more);
    }

    /// Names and numbers of the indexes on the target that are there and valid; without those of `handover`.
    List<String> indexes() throws SQLException {
        return SchemaAndIndexTest.rows(
                with,
                Side.TARGET,
                "select relname || ' ' || c.oid from pg_class c join pg_index i on i.indexrelid = c.oid"
                        + " where relnamespace = 'public'::regnamespace and indisvalid order by relname");
    }

    List<String> names() throws SQLException {
        return indexes().stream()
                .map(name -> name.substring(0, name.lastIndexOf(' ')))
                .toList();
    }

    String objects(Side side) throws SQLException {
        return NastySchema.text(with, side, OBJECTS);
    }

    /// Lets `last` go on, and sees that all is there once and no more.
    void finish(Future<StepOutcome> copy) throws Exception {
        with.heldTables().hold(LAST, false);
        assertDone(copy.get(90, TimeUnit.SECONDS));
        assertDone(startIndexes().get(90, TimeUnit.SECONDS));
        assertWhole();
    }

    void assertWhole() throws SQLException {
        assertEquals(objects(Side.SOURCE), objects(Side.TARGET));
        assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        assertEquals(List.of(), builders(""), "nobody is left");
        assertEquals(
                "0",
                NastySchema.text(with, Side.TARGET, "select count(*) from handover.dump where made_at is null"),
                "all is noted");
        assertEquals(List.of(), with.uncaught());
    }

    static void assertDone(StepOutcome outcome) {
        assertEquals(new StepOutcome.Done(), outcome);
    }

    @Override
    public void close() throws SQLException {
        with.close();
    }
}
