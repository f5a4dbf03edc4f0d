/// What has happened: an append-only file, forced to disk line by line, and the pure fold from its lines to
/// the state.
package io.handover.journal;
