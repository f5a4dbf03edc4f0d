package io.handover.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.testkit.PgServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a DBA should know of the source before the start, because a comparison or a consumer would tell it
/// late.
class WarnedBeforeTest {

    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");
    private final Endpoint source = oldServer.endpoint(oldServer.newDatabase());
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @AfterEach
    void drop() throws Exception {
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    @Test
    void aTriggerThatFiresForStreamedRowsIsNamedAndAnOrdinaryOneIsNot() throws Exception {
        run("create function f() returns trigger language plpgsql as 'begin return new; end'");
        for (String table : List.of("always", "replica", "ordinary", "disabled")) {
            run("create table " + table + " (id int primary key)");
            run("create trigger t before insert on " + table + " for each row execute function f()");
        }
        assertThat(Found.by("streamed-triggers", source, target)).isEmpty();
        run("alter table always enable always trigger t");
        run("alter table replica enable replica trigger t");
        run("alter table disabled disable trigger t");

        List<Finding> found = Found.by("streamed-triggers", source, target);

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().severity()).isEqualTo(Severity.WARNING);
        assertThat(found.getFirst().title())
                .contains("public.always", "public.replica")
                .doesNotContain("ordinary", "disabled");
    }

    @Test
    void whoeverElseIsFedByTheSourceIsNamed() throws Exception {
        assertThat(Found.by("other-streams", source, target)).isEmpty();
        run("create publication \"warehouse's\"");
        String slot = "cdc_" + source.profile().database().replaceAll("[^a-z0-9]", "_");
        run("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        try {
            List<Finding> found = Found.by("other-streams", source, target);

            assertThat(found).hasSize(1);
            assertThat(found.getFirst().severity()).isEqualTo(Severity.WARNING);
            assertThat(found.getFirst().title()).contains("publication warehouse's", "replication slot " + slot);
        } finally {
            run("select pg_drop_replication_slot('" + slot + "')");
        }
    }

    /// The remedy is run as it is given.
    @Test
    void aTransactionTimeoutThatWouldEndTheStreamsOwnTransactionsIsNamed() throws Exception {
        assertThat(Found.by("transaction-timeout", source, target)).isEmpty();
        try (var db = newServer.open(target.profile().database());
                var sql = db.createStatement()) {
            sql.execute("alter database " + target.profile().database() + " set transaction_timeout = '5s'");
            List<Finding> found = Found.by("transaction-timeout", source, target);
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().severity()).isEqualTo(Severity.WARNING);
            assertThat(found.getFirst().title()).isEqualTo("Transactions are ended after 5000 ms on the target");
            sql.execute(found.getFirst().remedy());
        }
        assertThat(Found.by("transaction-timeout", source, target)).isEmpty();
    }

    /// The copy would end at the first row that belongs into another partition on the target.
    @Test
    void aTablePartitionedByTheHashOfAnEnumBlocks() throws Exception {
        run("create type mood as enum ('sad', 'ok')");
        run("create domain temper as mood");
        run("create table fine (id int, m mood, t text) partition by hash (id, t)");
        run("create table listed (m mood) partition by list (m)");
        assertThat(Found.by("not-replicated", source, target)).isEmpty();
        run("create table \"of mood\" (id int, m mood, primary key (id, m)) partition by hash (m)");
        run("create table tempers (id int, t temper[], u temper) partition by hash (id, u)");

        List<Finding> found = Found.by("not-replicated", source, target);

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().severity()).isEqualTo(Severity.BLOCKER);
        assertThat(found.getFirst().title())
                .isEqualTo("Partitioned by the hash of an enum: public.of mood, public.tempers");
    }

    /// What the new encoding has in addition cannot be sent back.
    @Test
    void anotherEncodingIsToldToThreatenTheWayBackAndOneThatIsNoneTheCopy() throws Exception {
        assertThat(Found.by("encoding", source, target)).isEmpty();
        for (String encoding : List.of("LATIN1", "SQL_ASCII")) {
            var here = oldServer.endpoint("from_" + encoding);
            var there = newServer.endpoint(encoding.equals("LATIN1") ? "to_UTF8" : "to_SQL_ASCII");
            make(oldServer, here, encoding);
            make(newServer, there, encoding.equals("LATIN1") ? "UTF8" : encoding);
            List<Finding> found = Found.by("encoding", here, there);

            assertThat(found).hasSize(1);
            assertThat(found.getFirst().severity()).isEqualTo(Severity.WARNING);
            assertThat(found.getFirst().why())
                    .contains(encoding.equals("LATIN1") ? "no roll back then" : "stop the copy");
            oldServer.drop(here.profile().database());
            newServer.drop(there.profile().database());
        }
    }

    private static void make(PgServer server, Endpoint endpoint, String encoding) throws Exception {
        try (var db = server.open("postgres");
                var statement = db.createStatement()) {
            statement.execute(
                    "create database " + PgServer.quoted(endpoint.profile().database())
                            + " template template0 encoding '" + encoding + "' lc_collate 'C' lc_ctype 'C'");
        }
    }

    private void run(String sql) throws Exception {
        try (var db = oldServer.open(source.profile().database());
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
