-- Keys, indexes, views, functions and triggers, after the data. For "since" and "before" see shop-tables.sql.

alter table shop.categories add primary key (id),
    add constraint parent foreign key (parent_id) references shop.categories;
alter table shop.products add primary key (id), add unique (sku),
    add foreign key (category_id) references shop.categories;
alter table shop.price_log add primary key (id);
alter table shop.price_history add primary key (product_id, valid),
    add exclude using gist (product_id with =, valid with &&),
    add foreign key (product_id) references shop.products on delete cascade;
alter table shop.stock add primary key (product_id), add foreign key (product_id) references shop.products,
    add constraint "enough on the shelf" check (quantity >= reserved);
alter table shop.customers add primary key (id), add constraint customers_email_key unique (email);
alter table shop.orders add primary key (id, placed_at); -- since 11
alter table shop.orders add foreign key (customer_id) references shop.customers; -- since 11
do $$
declare
    leaf regclass;
begin
    for leaf in select inhrelid from pg_inherits where inhparent = 'shop.orders'::regclass loop
        -- before 11: execute format('alter table %s add primary key (id, placed_at)', leaf);
    end loop;
end
$$;
alter table shop.order_lines add primary key (order_id, placed_at, line_no),
    add foreign key (order_id, placed_at) references shop.orders on delete cascade, -- since 12
    add foreign key (product_id) references shop.products;
alter table shop.invoices add constraint invoices_pkey primary key (invoice_no);
alter table shop.documents add primary key (id),
    add foreign key (customer_id) references shop.customers on delete set null;
alter table shop.delivery_slots add primary key (id),
    add constraint one_tour_at_a_time exclude using gist (van with =, during with &&);
alter table shop.sessions add primary key (token);
alter table shop.attachments add primary key (id);
alter table shop.parties add primary key (id);
alter table shop.suppliers add primary key (id), add constraint vat unique (vat_number);
alter table "Back Office".departments add primary key (id);
alter table "Back Office".employees add primary key (id),
    add foreign key (department_id) references "Back Office".departments deferrable initially deferred;
alter table "Back Office".departments
    add foreign key (head_id) references "Back Office".employees deferrable initially deferred;
alter table "Back Office"."Order Notes" add constraint "Order Notes ""PK""" primary key ("Id");
alter table "Back Office"."T""q.'1' \ 🐘" add primary key ("a.b");
alter table "Back Office"."table" add primary key ("primary");
alter table "Back Office".sixty_three_bytes_is_the_longest_name_that_postgresql_will_hold
    add primary key (äö_and_so_on_until_there_is_no_room_left_for_any_more_letters);
alter table "Back Office"."Edge Cases" add primary key (id);
alter table app.ledger add primary key (writer, seq);
alter table app.scratch add primary key (id);

create index on shop.orders (customer_id, placed_at desc); -- since 11
create index orders_open on shop.orders (status) where status in ('new', 'paid'); -- since 11
-- before 11: create index orders_open on shop.orders_default (status) where status in ('new', 'paid');
create index on shop.order_lines (product_id) include (quantity); -- since 11
create index on shop.products using gin (search);
create index on shop.products using gin (attributes jsonb_path_ops);
create index on shop.customers (lower(name) text_pattern_ops, created_at desc nulls last);
create index on shop.page_views (seen_at);
create index on shop.invoices using brin (issued_at);
create index on shop.documents using hash (title);
create unique index "one Mixed Case name" on "Back Office"."Order Notes" (("Mixed Case" || "it's"));
create statistics shop.orders_by_customer (ndistinct, dependencies) on customer_id, status from shop.orders_default;

create view shop.order_totals as
    select o.id, o.placed_at, c.name, count(l.*) as lines, coalesce(sum(l.total), 0) as total
      from shop.orders o
      join shop.customers c on c.id = o.customer_id
      left join shop.order_lines l on l.order_id = o.id and l.placed_at = o.placed_at
     group by o.id, o.placed_at, c.name;
create view shop."Top Customers" with (security_barrier) as
    select id, name, email, balance from shop.customers where balance > 50 with local check option;
create view shop.category_paths as
    with recursive tree (id, path) as (
        select id, name from shop.categories where parent_id is null
        union all
        select c.id, t.path || ' > ' || c.name from tree t join shop.categories c on c.parent_id = t.id)
    select id, path from tree;
create rule quick_note as on insert to shop.category_paths do instead
    insert into shop.categories (name) values (new.path);

create materialized view shop.sales_by_month as
    select date_trunc('month', placed_at at time zone 'UTC') as month, count(*) as lines, sum(total) as total
      from shop.order_lines group by 1;
create unique index on shop.sales_by_month (month);
create materialized view shop.best_months as -- made from the other one
    select month, total, rank() over (order by total desc) as place from shop.sales_by_month;
create materialized view "Back Office"."Not filled" as select 1 as one with no data;

create function shop.touch() returns trigger language plpgsql as $$
begin
    new.updated_at := clock_timestamp();
    return new;
end
$$;
create function shop.log_price() returns trigger language plpgsql security definer set search_path = shop, pg_temp as $$
begin
    insert into price_log (product_id, old_price, new_price) values (new.id, old.price, new.price);
    return null;
end
$$;
create function shop.add_to_totals() returns trigger language plpgsql as $$
begin
    update shop.orders o
       set total = o.total + a.total
      from (select order_id, placed_at, sum(quantity * unit_price) as total from added group by 1, 2) a
     where o.id = a.order_id and o.placed_at = a.placed_at;
    return null;
end
$$;
create function shop.head_works_here() returns trigger language plpgsql as $$
begin
    if not exists (select from "Back Office".employees e where e.id = new.head_id and e.department_id = new.id) then
        raise exception 'the head of % works elsewhere', new.name;
    end if;
    return null;
end
$$;
create function shop.free(product int, wanted int default 1, out enough boolean, out left_over int)
    language sql stable as $$ select quantity - reserved >= wanted, quantity - reserved from shop.stock where product_id = product $$;
create procedure shop.restock(minimum int) language plpgsql as $$ -- since 11
-- before 11: create function shop.restock(minimum int) returns void language plpgsql as $$
begin
    update shop.stock set quantity = minimum where quantity < minimum;
end
$$;
create function shop.longer(text, text) returns text language sql immutable as
    'select case when length($1) >= length($2) then $1 else $2 end';
create aggregate shop.longest(text) (sfunc = shop.longer, stype = text, initcond = '');
create function shop.same_town(shop.address, shop.address) returns boolean language sql immutable as
    'select ($1).city = ($2).city';
create operator shop.~~~ (leftarg = shop.address, rightarg = shop.address, procedure = shop.same_town, commutator = operator(shop.~~~));

-- A body that looks like a piece of a dump, down to its comment lines.
create function shop.export_script() returns text language sql immutable as $evil$
select $q$
--
-- PostgreSQL database dump
--

--
-- Name: evil; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.evil (id integer);


--
-- Data for Name: evil; Type: TABLE DATA; Schema: public; Owner: postgres
--

--
-- PostgreSQL database dump complete
--
\connect nowhere
$q$
$evil$;
comment on function shop.export_script() is 'Looks like a dump:
--
-- Name: evil2; Type: TABLE; Schema: public; Owner: postgres
--

';

create trigger touch before update on shop.products for each row execute procedure shop.touch();
create trigger touch before update on shop.customers for each row execute procedure shop.touch();
create trigger touch before update on shop.orders for each row execute procedure shop.touch(); -- since 13
do $$
declare
    leaf regclass;
begin
    for leaf in select inhrelid from pg_inherits where inhparent = 'shop.orders'::regclass loop
        -- before 13: execute format('create trigger touch before update on %s for each row execute procedure shop.touch()', leaf);
    end loop;
end
$$;
create trigger "Log the price" after update of price on shop.products for each row
    when (old.price is distinct from new.price) execute procedure shop.log_price();
create trigger totals after insert on shop.order_lines referencing new table as added
    for each statement execute procedure shop.add_to_totals();
create constraint trigger head after insert or update on "Back Office".departments deferrable initially deferred
    for each row execute procedure shop.head_works_here();
create trigger switched_off before update on shop.stock for each row execute procedure shop.touch();
alter table shop.stock disable trigger switched_off;

alter table shop.documents enable row level security;
create policy readable on shop.documents for select using (customer_id is not null);

comment on trigger "Log the price" on shop.products is 'It''s how the price list is checked';
comment on index shop.orders_open is 'For the packers';
comment on constraint one_tour_at_a_time on shop.delivery_slots is 'No van in two places';
alter table shop.customers alter column name set statistics 500;
alter table shop.page_views set (autovacuum_vacuum_scale_factor = 0.05);
