/// The cutover and the window after it: gates, options, confirmation, the timeline in milliseconds, the way back.
package io.handover.ui.cutover;
