package io.handover.engine.step;

/// A schema with every kind of object a migration meets, hostile names and bodies that look like a dump.
public final class RichSchema {

    /// What a function body, a comment and a default try to pass off as an entry of a dump.
    private static final String BAIT = """

            --
            -- TOC entry 99 (class 1259 OID 99)
            -- Name: bait; Type: TABLE; Schema: app; Owner: -
            --

            CREATE TABLE app.bait (id int);
            \\restrict
            """;

    private RichSchema() {}

    /// The statements; `role` must be unused on the cluster.
    public static String sql(String role) {
        return SQL.replace("%bait%", BAIT).replace("%role%", role);
    }

    private static final String SQL = """
            set check_function_bodies = off;
            create extension hstore; create extension citext;
            create schema app; create schema "We ird";
            comment on schema app is 'the shop';
            create role %role%;
            create type app.mood as enum ('sad', 'ok', 'happy');
            create type app.pair as (a int, b text);
            create type app.frange as range (subtype = float8, subtype_diff = float8mi);
            create domain app.email as public.citext check (value ~ '@');
            create domain app.posint as int not null default 1 check (value > 0);
            create collation app.de (provider = icu, locale = 'de-u-co-phonebk');
            create sequence app.sq increment 5 start 100 cache 10;
            create table app.cust (
                id int generated always as identity (start 10) primary key,
                name text not null collate app.de, mail app.email, m app.mood default 'ok', p app.pair, q app.posint,
                fr app.frange, h public.hstore, full_ text generated always as (upper(name)) stored,
                bait text default E'it''s \\\\ %bait%', legacy serial,
                constraint chk check (length(name) > 0), unique (name, m) deferrable initially deferred);
            comment on table app.cust is 'it''s customers %bait%';
            comment on column app.cust.mail is E'back\\\\slash \\'quoted\\'';
            create table app.ord (
                id bigserial, cust_id int not null, day date not null, amt numeric(12,2), note text, tags text[],
                primary key (id, day)) partition by range (day);
            create table app.ord_2024 partition of app.ord for values from ('2024-01-01') to ('2025-01-01');
            create table app.ord_2025 partition of app.ord for values from ('2025-01-01') to ('2026-01-01')
                partition by hash (id);
            create table app.ord_2025_0 partition of app.ord_2025 for values with (modulus 2, remainder 0);
            create table app.ord_2025_1 partition of app.ord_2025 for values with (modulus 2, remainder 1);
            create table app.ord_def partition of app.ord default;
            alter table app.ord add constraint ord_cust foreign key (cust_id) references app.cust (id)
                on delete cascade deferrable;
            create index ord_c on app.ord (cust_id) include (amt) where amt > 0;
            create index cust_expr on app.cust ((lower(name)) desc nulls last);
            create index on app.cust using hash (m);
            comment on index app.cust_expr is 'by name';
            create table app.line (ord_id bigint, day date, n int, primary key (ord_id, day, n),
                foreign key (ord_id, day) references app.ord (id, day));
            create table app.res (room int, during tsrange, exclude using gist (during with &&));
            create statistics app.st1 (dependencies) on cust_id, amt from app.ord_2024;
            create table "We ird"."T""q" ("a b" int primary key, "select" text default E'x\\ty', "naïve 🐘" int);
            create table "We ird"."x; Type: INDEX; Schema: app; Owner: -" (id int primary key);
            create table "We ird"."line
            break" (id int primary key, constraint "also
            here" check (id > 0));
            create table "We ird"."aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123" (
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123" int unique);
            create table app.inh_p (a int primary key); create table app.inh_c (b int) inherits (app.inh_p);
            create unlogged table app.unl (a int) with (fillfactor = 70, autovacuum_enabled = false);
            create table app.chosen (id int, code text not null); create unique index chosen_code on app.chosen (code);
            alter table app.chosen replica identity using index chosen_code;
            create table app.whole (id int); alter table app.whole replica identity full;
            alter table app.whole add constraint positive check (id > 0) not valid;
            create view app.v1 as select c.id, c.name, count(o.id) n
                from app.cust c left join app.ord o on o.cust_id = c.id group by c.id;
            create view app.v2 with (security_barrier) as select * from app.v1 where n > 1;
            create materialized view app.mv as select m, count(*) from app.cust group by m;
            create unique index on app.mv (m);
            create materialized view app.late as select c.id, c.name from app.cust c group by c.id;
            create index late_name on app.late (name);
            create materialized view app.empty as select 1 as one with no data;
            create function app.f1(a int, b text default 'x', out c int, variadic d text[] default '{}')
                language plpgsql immutable security definer set search_path = app
                as $fn$ begin c := a; -- ; comment %bait%
             end $fn$;
            create function app.quoted() returns text language sql as 'select ''%bait%''::text';
            create function app.trg() returns trigger language plpgsql as $$begin new.note := 't'; return new; end$$;
            create trigger t1 before insert or update of amt on app.ord for each row
                when (new.amt > 0) execute function app.trg();
            create constraint trigger t2 after update on app.cust deferrable for each row execute function app.trg();
            alter table app.cust disable trigger t2;
            create procedure app.p1(inout x int) language sql as 'select x + 1';
            create function app.sf(int, int) returns int language sql immutable as 'select $1 + $2';
            create aggregate app.agg(int) (sfunc = app.sf, stype = int, initcond = '0');
            create function app.eqf(app.pair, app.pair) returns bool language sql immutable as 'select ($1).a = ($2).a';
            create operator app.=== (leftarg = app.pair, rightarg = app.pair, function = app.eqf,
                commutator = operator(app.===));
            create function app.m2i(app.mood) returns int language sql immutable as 'select length($1::text)';
            create cast (app.mood as int) with function app.m2i(app.mood) as assignment;
            create rule r1 as on insert to app.v2 do instead (insert into app.whole values (1); insert into app.whole values (2));
            alter table app.cust enable row level security;
            create policy pol on app.cust as restrictive for select to %role% using (name <> 'x');
            create policy pol2 on app.cust for all using (true) with check (id > 0);
            grant select (id, name), update (name) on app.cust to %role%;
            create function public.et() returns event_trigger language plpgsql as $$begin end$$;
            create event trigger et1 on ddl_command_end when tag in ('CREATE TABLE') execute function public.et();
            create text search dictionary app.dict (template = simple);
            create text search configuration app.tsc (copy = english);
            create foreign data wrapper fdw1; create server srv1 foreign data wrapper fdw1 options (host 'x');
            create user mapping for public server srv1 options (u 'a', password 'very-secret');
            create foreign table app.ft (a int) server srv1;
            create operator class app.opc for type int using btree as
                operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);
            alter table app.cust alter name set statistics 500, alter name set storage external;
            create publication pub for table app.cust;
            """;
}
