-- Deterministic, but for the dates, which end today. Sizes follow the setting shop.scale; 1 makes about 200,000
-- order lines.

-- a number from 0 to "below" - 1 that looks like chance and is the same every time
create function pg_temp.pick(i bigint, salt int, below bigint) returns bigint language sql immutable as
    $$ select (((i + salt) * 2654435761 + salt * 97) % 4294967296 * 40503 / 65536) % below $$;
create function pg_temp.scaled(n int) returns int language sql stable as
    $$ select greatest(10, (n * current_setting('shop.scale')::float8)::int) $$;

insert into shop.categories (parent_id, name)
select null, n from unnest('{Garden,Kitchen,Books,Toys,Tools,"Süß & salzig"}'::text[]) n;
insert into shop.categories (parent_id, name)
select p.id, p.name || ' / ' || n
  from shop.categories p, unnest('{new,used,sale,gifts}'::text[]) n;

insert into shop.products (category_id, sku, name, price, tags, attributes, dimensions, added_at)
select 1 + pg_temp.pick(i, 1, 30),
       'SKU-' || lpad(i::text, 6, '0'),
       (array['Blue','Red','Large','Tiny','Smart','Old','Élégant','Grüner'])[1 + pg_temp.pick(i, 2, 8)] || ' '
         || (array['kettle','spade','novel','robot','hammer','teapot','lamp','chair','Brötchen','寿司'])[1 + pg_temp.pick(i, 3, 10)]
         || ' no. ' || i,
       1 + pg_temp.pick(i, 4, 20000) / 100.0,
       (array['bestseller','fragile','heavy','with, comma','with "quote"'])[1 : pg_temp.pick(i, 5, 6)],
       jsonb_build_object('colour', pg_temp.pick(i, 6, 12), 'weight', pg_temp.pick(i, 7, 9000) / 7.0, 'eco', i % 3 = 0),
       hstore('width', pg_temp.pick(i, 8, 200)::text) || hstore('height', case when i % 7 = 0 then null else '10' end),
       now() - pg_temp.pick(i, 9, 900) * interval '1 day'
  from generate_series(1, 300) i;
insert into shop.stock (product_id, quantity) select id, 1000000 from shop.products;
insert into shop.price_history (product_id, valid, price, allowed)
select p.id, daterange(date '2020-01-01' + 300 * n, date '2020-01-01' + 300 * (n + 1)), p.price + n,
       shop.price_range(p.price, case when n = 2 then null else p.price + 10 end)
  from shop.products p, generate_series(0, 3) n;

insert into shop.customers (email, name, address, other_addresses, phones, preferences, birthday, balance, created_at)
select 'customer' || i || '@example.' || (array['com','org','net'])[1 + i % 3],
       (array['Ada','Grace','Alan','Edsger','Barbara','Donald','Zoë','Łukasz','美咲','O''Neil'])[1 + pg_temp.pick(i, 11, 10)] || ' '
         || (array['Smith','Müller','García','Rossi','Nowak','Andersen','de la Cruz','Šimić'])[1 + pg_temp.pick(i, 12, 8)],
       row(pg_temp.pick(i, 13, 300) || ' High Street', 'Town ' || pg_temp.pick(i, 14, 500),
           lpad(pg_temp.pick(i, 15, 99999)::text, 5, '0'), (array['DE','FR','PL'])[1 + i % 3])::shop.address,
       case when i % 20 = 0 then array[row('c/o "Bob", flat 2', null, '', 'IT')::shop.address] end,
       case when i % 3 = 0 then array['+49 30 ' || i, null] else '{}' end,
       jsonb_build_object('newsletter', i % 2 = 0, 'theme', case when i % 4 = 0 then 'dark' else 'light' end),
       case when i % 9 > 0 then date '1950-01-01' + pg_temp.pick(i, 16, 20000)::int end,
       pg_temp.pick(i, 17, 100000) / 1000.0,
       now() - pg_temp.pick(i, 18, 1500) * interval '1 day'
  from generate_series(1, pg_temp.scaled(50000)) i;

insert into shop.orders (placed_at, customer_id, status, total, ship_to, note)
select case when i % 400 = 0 then timestamptz '2014-05-05 10:00+00' + i * interval '1 minute'
            else date_trunc('second', now()) - pg_temp.pick(i, 21, 400 * 86400) * interval '1 second' end,
       1 + pg_temp.pick(i, 22, pg_temp.scaled(50000)),
       (enum_range(null::shop.order_status))[1 + pg_temp.pick(i, 23, 6)],
       0,
       case when i % 11 = 0 then row('Depot', 'Town', '00000', 'CH')::shop.address end,
       case when i % 13 = 0 then E'Please ring\ttwice\nand wait \\. thank you' end
  from generate_series(1, pg_temp.scaled(80000)) i;
insert into shop.order_lines (order_id, placed_at, line_no, product_id, quantity, unit_price, gift)
select o.id, o.placed_at, n, 1000 + pg_temp.pick(o.id * 5 + n, 31, 300), 1 + pg_temp.pick(o.id + n, 32, 4),
       1 + pg_temp.pick(o.id + n, 33, 20000) / 100.0, o.id % 17 = 0
  from shop.orders o, generate_series(1, 1 + pg_temp.pick(o.id, 34, 4)::int) n;
insert into shop.invoices (order_id, issued_at, amount)
select id, placed_at + interval '1 hour', total from shop.orders where status in ('paid', 'shipped');

insert into shop.page_views (seen_at, customer_id, path, referrer, took_ms)
select now() - pg_temp.pick(i, 41, 86400 * 30) * interval '1 second', nullif(pg_temp.pick(i, 42, 5000), 0),
       '/product/' || pg_temp.pick(i, 43, 300), case when i % 5 = 0 then 'https://search.example/?q=' || i end,
       pg_temp.pick(i, 44, 900)
  from generate_series(1, pg_temp.scaled(10000)) i;
insert into shop.page_views -- the same click, three times
select '2025-01-01 00:00+00', 7, '/twice', null, 1 from generate_series(1, 3);

insert into shop.documents (id, customer_id, title, body)
select md5('document ' || i)::uuid, 1 + pg_temp.pick(i, 51, pg_temp.scaled(50000)), 'Manual ' || i,
       jsonb_build_object('lang', (array['en','de','ja'])[1 + i % 3], 'text',
           (select string_agg(md5(i || '/' || n), ' ') from generate_series(1, 60 + pg_temp.pick(i, 52, 120)::int) n))
  from generate_series(1, pg_temp.scaled(2500)) i;

insert into shop.delivery_slots (van, during, customer_id)
select 100 + i % 20, tstzrange(day, day + interval '30 minutes'), 1 + pg_temp.pick(i, 61, 10)
  from generate_series(0, 1999) i,
       lateral (select timestamptz '2025-01-01 08:00+00' + (i / 20) * interval '30 minutes' as day) d;
insert into shop.sessions (token, customer_id, data)
select md5('session ' || i), i, jsonb_build_object('cart', i % 5) from generate_series(1, 500) i;

insert into shop.attachments (name, content)
values ('logo.png', lo_from_bytea(0, decode(repeat('89504e470d0a1a0a00', 40000), 'hex'))),
       ('terms "2025".pdf', lo_from_bytea(0, convert_to(repeat('Terms and conditions, § 1. ', 3000), 'UTF8'))),
       ('empty.txt', lo_from_bytea(0, ''));

insert into shop.parties (name) select 'Party ' || i from generate_series(1, 20) i;
insert into shop.suppliers (name, vat_number) select 'Supplier ' || i, 'DE' || i from generate_series(1, 20) i;

insert into "Back Office".departments values (1, 'Sales', 10), (2, 'R&D', 20);
insert into "Back Office".employees values (10, 'Ann', 1, 5000), (20, 'Ben', 2, 5000.50), (21, 'Cem', 2, null);
insert into "Back Office"."Order Notes"
    ("order", "Mixed Case", "with ""quotes""", "it's", "🐘", " spaced ", "back\slash", "new
line")
select i, 'm' || i, '"', '''', '🐘🐘', ' ', '\', E'\n' from generate_series(1, 200) i;
insert into "Back Office"."T""q.'1' \ 🐘" select i, 'user ' || i from generate_series(1, 50) i;
insert into "Back Office"."table" select i, nullif(i % 5, 0) from generate_series(1, 50) i;
insert into "Back Office".sixty_three_bytes_is_the_longest_name_that_postgresql_will_hold
select i, repeat('é', i) from generate_series(1, 31) i;

insert into "Back Office"."Edge Cases" values
    (1, '', '', 'NaN', 'NaN', 'Infinity', '-0.01', '', '', '-infinity', 'infinity', 'infinity', '24:00', '00:00+14',
     '0', '::1', '::/0', '00:00:00:00:00:00', '(0,-0)', '{ "a" : 1,  "a":2 }', '{"a": 1e400}', '{}', '{}', '{}',
     row(null, null, null, null), 'empty', 'integer', 'shop.products', ' ', '', '0/0', '', ''),
    (2, E'\\N', 'ab', 1e-300, 1e-45, 4.9e-324, '92233720368547758.07', '\x00ff0a5c', B'10101', '4713-01-01 00:00 BC',
     '2025-03-30 02:30+01', '0044-03-15 BC', '23:59:59.999999', '12:00:00.1-08:30', '-1 mons +3 days -04:05:06.789',
     '192.168.0.1/24', '10.0.0.0/8', 'ff:ff:ff:ff:ff:ff', '(1e300,-1e-300)', '[]', '"\\u00e9"',
     '{"a,b","c\"d",null,"NULL","","{}","\\"}', '{{1,null},{3,4}}', '{"sent \"back\"",null,new}',
     row('a "b", (c)', '', E'\n', 'XX'), '[1.10,)', 'shop.order_status[]', '"Back Office"."Order Notes"', 'z',
     'a name', 'FFFFFFFF/FFFFFFFF', '''a'' & !(b | ''c d'':*)', '"a"=>"b", "x y"=>NULL'),
    (3, E'\\.', 'é', 123456789012345678901234567890.123456789012345678900, 0.1, 0.30000000000000004, '1', '\x5c2e0a',
     B'0', '2025-01-01', '1900-01-01 00:00+00', '9999-12-31', '00:00', '00:00Z', '178000000 years', '2001:db8::/32',
     '2001:db8::/32', '08:00:2b:01:02:03', '(0.1,0.2)', 'null', 'null', '[2:3]={x,y}', '[0:1]={7,8}', null,
     null, '(,5]', 'shop.address', 'shop.order_lines', E'\\', 'ä', '1/A', null, null),
    (4, E'tab\there\nnewline\r\nreturn 🐘 \u0001\u007f', null, 0.00, null, null, null, null,
     null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
     null, null, null, null, null, null);

insert into app.scratch (writer, v) select 0, 'from the beginning ' || i from generate_series(1, 100) i;
