package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server itself says what it is right about: DISTINCT looks for a type's equality in the same place as an apply
/// worker that has to find a row by all its columns.
class IdentityColumnsTest {

    private static final List<String> MADE = List.of(
            "create domain texts as text",
            "create domain documents as json",
            "create domain more_documents as documents",
            "create type mood as enum ('good', 'bad')",
            "create type pair as (a int, b text)",
            "create type odd as (a int, b json)",
            "create type deep as (a odd[], b int)",
            "create domain odds as odd[]",
            "create type spans as range (subtype = text)");

    private static final List<String> TYPES = List.of(
            "texts",
            "documents",
            "more_documents",
            "mood",
            "mood[]",
            "pair",
            "pair[]",
            "odd",
            "odd[]",
            "deep",
            "odds",
            "spans",
            "json[]",
            "varchar(3)[]",
            "numeric(5,2)",
            "documents[]");

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void aTypeHasNoEqualityWhereTheServerFindsNone(String major) throws Exception {
        PgServer server = PgServer.major(major);
        String database = server.newDatabase();
        try (var connection = server.open(database);
                var sql = connection.createStatement()) {
            for (String statement : MADE) {
                sql.execute(statement);
            }
            List<String> types = new ArrayList<>(TYPES);
            types.addAll(ofTheServer(sql));
            Set<String> without = new TreeSet<>();
            Set<String> all = new TreeSet<>();
            for (String type : types) {
                String table = "of \"" + type.replace("\"", "") + "\"";
                if (made(sql, table, type)) {
                    all.add(table);
                    if (!comparable(sql, table)) {
                        without.add(table);
                    }
                }
            }
            assertTrue(all.size() > 80, all::toString);
            assertTrue(without.size() > 10, without::toString);
            assertEquals(without, names(IdentityColumns.withoutEquality(connection)));
        }
        server.drop(database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void generatedColumnsAndKeysOfThemAreFound(String major) throws Exception {
        PgServer server = PgServer.major(major);
        String database = server.newDatabase();
        try (var connection = server.open(database);
                var sql = connection.createStatement()) {
            String columns = "(a int not null, b int generated always as (a * 2) stored not null";
            sql.execute("create table plain (a int primary key)");
            sql.execute("create table beside " + columns + ", primary key (a))");
            sql.execute("create table included " + columns + ", primary key (a) include (b))");
            sql.execute("create table \"in the \"\"key\" " + columns + ", primary key (a, b))");
            sql.execute("create table chosen " + columns + ", c int primary key, unique (b))");
            sql.execute("alter table chosen replica identity using index chosen_b_key");
            sql.execute("create table full_instead " + columns + ", primary key (b))");
            sql.execute("alter table full_instead replica identity full");

            assertEquals(Set.of("chosen", "in the \"key"), names(IdentityColumns.generatedKeys(connection)));
            assertEquals(
                    Set.of("beside", "included", "in the \"key", "chosen", "full_instead"),
                    names(IdentityColumns.withGenerated(connection)));
        }
        server.drop(database);
    }

    private static List<String> ofTheServer(Statement sql) throws SQLException {
        var types = new ArrayList<String>();
        try (var row = sql.executeQuery("select pg_catalog.format_type(t.oid, null) from pg_catalog.pg_type t"
                + " where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype in ('b', 'r', 'm')")) {
            while (row.next()) {
                types.add(row.getString(1));
            }
        }
        return types;
    }

    /// Not every type may be a column's.
    private static boolean made(Statement sql, String table, String type) {
        try {
            sql.execute("create table \"" + table.replace("\"", "\"\"") + "\" (a " + type + ")");
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    private static boolean comparable(Statement sql, String table) throws SQLException {
        try {
            sql.execute("select distinct a from \"" + table.replace("\"", "\"\"") + "\"");
            return true;
        } catch (SQLException e) {
            assertEquals("42883", e.getSQLState(), e::getMessage);
            return false;
        }
    }

    private static Set<String> names(Set<TableRef> tables) {
        return tables.stream().map(TableRef::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
