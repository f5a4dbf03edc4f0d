# What is timed: from the first statement until the application has been told. Ours are the sessions that may write.
export PGOPTIONS="-c default_transaction_read_only=off"
psql -qX "$OLD" -c "alter database $OLD_NAME set default_transaction_read_only = on" \
  -c "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid() and backend_type = 'client backend'" > ended
lsn=$(psql -qXAt "$OLD" -c "select pg_current_wal_lsn()")
until [ "$(psql -qXAt "$OLD" -c "select confirmed_flush_lsn >= '$lsn' from pg_replication_slots
            where slot_name = '$STREAM'")" = t ]; do sleep 0.02; done
psql -qXAt "$OLD" -c "select format('select setval(%L, %s, %L);', format('%I.%I', schemaname, sequencename),
    coalesce(last_value, start_value), last_value is not null) from pg_sequences" | psql -qX "$NEW" > sequences
psql -qX "$NEW" -c "alter subscription $STREAM disable" \
  -c "select pg_create_logical_replication_slot('$STREAM_BACK', 'pgoutput')" \
  -c "alter database $NEW_NAME reset default_transaction_read_only" > turned
eval "$HOOK"
