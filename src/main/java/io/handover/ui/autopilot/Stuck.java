package io.handover.ui.autopilot;

/// The autopilot cannot go on; the message says where and why, with the page's own words.
final class Stuck extends Exception {

    private static final long serialVersionUID = 1;

    Stuck(String message) {
        super(message);
    }

    Stuck(String message, Throwable cause) {
        super(message, cause);
    }
}
