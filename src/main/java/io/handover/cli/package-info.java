/// The same plan and the same engine without a window: progress for people on standard error, results on standard
/// output, and an exit status that scripts can trust (`Exit`).
package io.handover.cli;
