/// Somebody who is not there: drives the window by its own buttons and fields, for the demo and the tests.
package io.handover.ui.autopilot;
