package io.handover.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an old source has and a new target has no longer.
class GoneSinceTest {

    private final PgServer newServer = PgServer.major("17");
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());

    @AfterEach
    void drop() throws Exception {
        newServer.drop(target.profile().database());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "11"})
    void whatANewerServerRefusesOrLeavesOutIsNamed(String major) throws Exception {
        var server = PgServer.major(major);
        Endpoint source = server.endpoint(server.newDatabase());
        run(server, source, "create table \"plain, so\" (id int primary key, at timestamptz, a int[])");
        assertThat(Found.by("gone-since", source, target)).isEmpty();
        run(
                server,
                source,
                "create table numbered (id int primary key) with oids",
                "create domain moment as abstime",
                "create table \"Old times\" (id int primary key, a abstime, d moment, t tinterval[], fine timestamp)",
                "create type past as (r reltime)",
                "create function twice(int) returns int language sql as 'select 2 * $1'",
                "create operator !!! (leftarg = int, procedure = twice)",
                "create operator !!! (rightarg = int, procedure = twice)",
                "create aggregate gather(anyelement) (sfunc = array_append, stype = anyarray, initcond = '{}')",
                "create aggregate total(int) (sfunc = int4pl, stype = int)",
                "create operator ||| (leftarg = anyarray, rightarg = anyarray, procedure = array_cat)",
                "create conversion mine for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8");

        List<Finding> found = Found.by("gone-since", source, target);

        assertThat(found.stream().map(f -> f.severity() + " " + f.title()))
                .containsExactly(
                        "BLOCKER Columns of types that are gone: public.Old times.a abstime,"
                                + " public.Old times.d public.moment, public.Old times.t tinterval[], public.past.r reltime",
                        "BLOCKER Operators behind their operand: public.!!! (integer)",
                        "BLOCKER Made of functions over arrays that were changed: public.gather (aggregate),"
                                + " public.||| (operator)",
                        "BLOCKER Conversions of encodings: public.mine",
                        "WARNING Tables WITH OIDS: public.numbered");
        server.drop(source.profile().database());
    }

    /// Between the two it depends on what the target lacks.
    @Test
    void aTargetThatHasItStillIsNotBlamed() throws Exception {
        var server = PgServer.major("11");
        var older = PgServer.major("13");
        Endpoint source = server.endpoint(server.newDatabase());
        Endpoint near = older.endpoint(older.newDatabase());
        run(
                server,
                source,
                "create table numbered (id int primary key) with oids",
                "create function twice(int) returns int language sql as 'select 2 * $1'",
                "create operator !!! (leftarg = int, procedure = twice)");

        String titles = Found.by("gone-since", source, near).stream()
                .map(Finding::title)
                .collect(Collectors.joining());

        assertThat(titles).isEqualTo("Tables WITH OIDS: public.numbered");
        server.drop(source.profile().database());
        older.drop(near.profile().database());
    }

    private static void run(PgServer server, Endpoint at, String... statements) throws SQLException {
        try (var connection = server.open(at.profile().database());
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }
}
