package io.handover.pg;

import io.handover.model.TableRef;
import java.util.Optional;

/// Where a sequence stands.
///
/// @param sequence its name
/// @param ownedBy  the table of the serial or identity column it feeds; empty for one that stands alone
/// @param last     `last_value`: the value given last, or the one to be given first
/// @param called   whether `last` has been given already
public record SequenceState(TableRef sequence, Optional<TableRef> ownedBy, long last, boolean called) {}
