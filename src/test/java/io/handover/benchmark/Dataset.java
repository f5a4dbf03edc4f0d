package io.handover.benchmark;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A database to move. Every value is made up by the server from a counter, so that each run has the same.
enum Dataset {
    /// One table of more than half of it.
    BIG("one big table: `event` is 60 % of the bytes and has five indexes; two more with a foreign key") {
        @Override
        List<String> statements(double scale) {
            long events = rows(1_900_000, scale);
            long accounts = rows(2_500_000, scale);
            return List.of(
                    "create table event (id bigint primary key, account int not null, at timestamptz not null,"
                            + " kind text not null, amount numeric(12,2), code uuid not null, body text not null)",
                    "insert into event select i, i::bigint * 7919 % " + accounts
                            + " + 1, '2020-01-01'::timestamptz + i *"
                            + " interval '37 seconds', 'kind ' || i % 50, i % 100000 / 100.0, md5(i::text)::uuid,"
                            + " (select string_agg(md5((i * 13 + j)::text), ' ') from generate_series(1, 14) j)"
                            + " from generate_series(1, " + events + ") i",
                    "create table account (id int primary key, balance bigint not null, name text not null)",
                    "insert into account select i, i % 1000, md5(i::text) || md5((-i)::text)"
                            + " from generate_series(1, " + accounts + ") i",
                    "create table line (id bigint primary key, account int not null, delta int, note text)",
                    "insert into line select i, i * 31 % " + accounts + " + 1, i % 500 - 250, md5(i::text)"
                            + " from generate_series(1, " + rows(3_000_000, scale) + ") i",
                    "create index on event (account, at)",
                    "create index on event (at)",
                    "create index on event (kind, amount)",
                    "create unique index on event (code)",
                    "create index on line (account)",
                    "alter table line add foreign key (account) references account");
        }
    },

    /// Nothing but overhead.
    SMALL("2,000 small tables of 100 rows, each with a primary key and an index; 400 foreign keys") {
        @Override
        List<String> statements(double scale) {
            var all = new ArrayList<String>();
            long tables = rows(2000, scale);
            for (long t = 1; t <= tables; t++) {
                String name = "small_" + t;
                all.add("create table " + name + " (id int primary key, other int not null, note text);"
                        + " insert into " + name + " select i, i, 'note ' || i from generate_series(1, 100) i;"
                        + " create index on " + name + " (note)");
                if (t > 1 && t % 5 == 0) {
                    all.add("alter table " + name + " add foreign key (other) references small_" + (t - 1));
                }
            }
            return all;
        }
    },

    /// Values that are stored out of line and hardly compress.
    WIDE("wide rows: `jsonb`, `text` and `bytea`, 12 kB a row, mostly out of line") {
        @Override
        List<String> statements(double scale) {
            return List.of(
                    "create table document (id bigint primary key, doc jsonb not null, body text not null,"
                            + " file bytea not null)",
                    "insert into document select i, (select jsonb_object_agg('k' || j, md5((i * j)::text))"
                            + " from generate_series(1, 60) j), (select string_agg(md5((i + j * 3)::text), ' ')"
                            + " from generate_series(1, 100) j), (select string_agg(decode(md5((i * 5 + j)::text),"
                            + " 'hex'), ''::bytea) from generate_series(1, 400) j) from generate_series(1, "
                            + rows(45_000, scale) + ") i",
                    "create index on document using gin (doc jsonb_path_ops)");
        }
    };

    private final String description;

    Dataset(String description) {
        this.description = description;
    }

    /// What it is, for the page.
    String description() {
        return description;
    }

    /// Its name on the command line.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract List<String> statements(double scale);

    /// Fills an empty database.
    void load(Connection database, double scale) throws SQLException {
        try (var sql = database.createStatement()) {
            sql.execute("set synchronous_commit = off");
            for (String statement : statements(scale)) {
                sql.execute(statement);
            }
            sql.execute("vacuum analyze");
            sql.execute("checkpoint");
        }
    }

    private static long rows(long full, double scale) {
        return Math.max(10, Math.round(full * scale));
    }
}
