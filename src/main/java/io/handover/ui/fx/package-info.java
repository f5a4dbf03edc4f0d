/// What is near to JavaFX itself: the one door to its thread, pictures, fonts.
package io.handover.ui.fx;
