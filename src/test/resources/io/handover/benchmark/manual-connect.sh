# Before: nobody writes, so a dump is a copy; then the new database follows the old one.
identities() {
  psql -qX "$1" <<'SQL'
create publication manual for all tables;
do $$
declare keyless regclass;
begin
  for keyless in
    select c.oid from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
       and not exists (select from pg_index i where i.indrelid = c.oid and indisprimary)
  loop
    execute format('alter table %s replica identity full', keyless);
  end loop;
end $$;
SQL
}
pg_dump "$OLD" | psql -qX "$NEW" > restored
identities "$OLD"
identities "$NEW"
psql -qXAt "$OLD" -c "select pg_create_logical_replication_slot('$STREAM', 'pgoutput')"
psql -qX "$NEW" <<SQL
create subscription $STREAM connection '$OLD_CONNECTION' publication manual
  with (slot_name = '$STREAM', create_slot = false, copy_data = false)
SQL
