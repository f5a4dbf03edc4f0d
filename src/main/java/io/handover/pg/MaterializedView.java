package io.handover.pg;

import io.handover.model.TableRef;

/// A materialized view.
///
/// @param name      its name
/// @param populated whether it can be read; one made `WITH NO DATA` cannot before its first refresh
public record MaterializedView(TableRef name, boolean populated) {}
