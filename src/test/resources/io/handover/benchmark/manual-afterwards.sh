# What can wait until the application writes again: the way back.
export PGOPTIONS="-c default_transaction_read_only=off"
psql -qX "$OLD" <<SQL
create subscription $STREAM_BACK connection '$NEW_CONNECTION' publication manual
  with (slot_name = '$STREAM_BACK', create_slot = false, copy_data = false)
SQL
psql -qX "$NEW" -c "drop subscription $STREAM"
