/// The end: what is taken off both servers, what stays, what was left over, and the migration in retrospect.
package io.handover.ui.retire;
