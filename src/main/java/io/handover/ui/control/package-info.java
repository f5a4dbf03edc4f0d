/// Controls and formats that more than one page uses; they know no page.
package io.handover.ui.control;
