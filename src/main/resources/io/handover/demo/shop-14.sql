-- What only PostgreSQL 14 and later have.

create function shop.vat(net numeric, country char(2) default 'DE') returns numeric language sql immutable
begin atomic
    select round(net * case country when 'DE' then 0.19 when 'FR' then 0.20 else 0.23 end, 2);
end;
create procedure shop.forget(who bigint) language sql
begin atomic
    delete from shop.sessions where customer_id = who;
    update shop.page_views set customer_id = null where customer_id = who;
end;
create table shop.opening_hours (
    day date primary key,
    hours int4multirange not null
);
insert into shop.opening_hours
select date '2025-01-01' + i, int4multirange(int4range(8, 12), int4range(13, 17 + i % 3)) from generate_series(0, 364) i;
