/// The screen that connects two servers and checks them before anything is begun.
package io.handover.ui.connect;
