package io.handover.engine.cutover;

/// The acts of a cutover that locks the tables and ends idle sessions, in order; each is a line of its timeline. Where
/// all
/// sessions wait for the locks, and where writes are stopped otherwise, the slot is made when all is brought over; the
/// other ways end the sessions before the fence. After each of them the app may be killed.
public enum Point {
    /// All conditions were read afresh.
    GATES("Conditions checked", "checking the conditions"),
    /// The user's own command before anything is touched.
    HOOK_BEFORE("Hook before-freeze", "running the hook before-freeze"),
    /// Publication on the new owner, a slot tried out.
    PREPARED("Way back prepared", "preparing the way back"),
    /// Materialized views read the follower's rows.
    VIEWS("Materialized views refreshed", "refreshing the materialized views"),
    /// What can be brought over before the pause, so that the pause has less to do.
    AHEAD("Sequences brought over ahead", "bringing the sequences over ahead"),
    /// The mark is armed.
    ARMED("Mark armed", "arming the mark"),
    /// The watchdog was seen sleeping.
    WATCHED("Watchdog started", "starting the watchdog"),
    /// Nobody writes any more.
    FROZEN("Writes stopped", "stopping writes"),
    /// The deadline counts from the freeze.
    DEADLINE("Deadline set", "setting the deadline"),
    /// The fence row is committed on the old owner.
    FENCE_PLANTED("Fence planted", "planting the fence"),
    /// No prepared transaction, nobody with a transaction that wrote.
    DRAINED("Nobody left writing", "looking for writers"),
    /// New sessions on the old owner are read-only.
    MARKED("Read-only for new sessions", "setting the mark"),
    /// The fence row is on the new owner, so everything before it is.
    FENCE_ARRIVED("Fence arrived", "waiting for the fence"),
    /// The apply worker is gone.
    FORWARD_OFF("Stream stopped", "stopping the stream"),
    /// The way back sees every write from here on.
    REVERSE_SLOT("Slot for the way back", "making the slot for the way back"),
    /// Whoever began before the mark waits for the locks or is gone.
    SESSIONS_ENDED("Old sessions ended or waiting", "ending the old sessions"),
    /// Sequences, large objects and whatever else no stream carries.
    SYNCED("What no stream carries brought over", "bringing over what no stream carries"),
    /// Keys the last verification left open were compared.
    SETTLED("Last rows compared", "comparing the last rows"),
    /// All that was applied is on the new owner's disk.
    DURABLE("Made durable", "making it durable"),
    /// The server keeps the locks by itself: they outlive this program.
    KEPT("Locks kept by the server", "leaving the locks to the server"),
    /// The point of no return.
    CONFIRMED("Confirmed: point of no return", "confirming"),
    /// The new owner takes writes.
    OPENED("New owner open", "opening the new owner"),
    /// The application was told.
    SWITCHED("Hook switch", "running the hook switch"),
    /// Whoever still waited for the locks is gone, and so are the locks.
    RELEASED("Waiting writers ended, locks released", "ending the waiting writers"),
    /// The old stream is gone from both servers.
    FORWARD_DROPPED("Old stream removed", "removing the old stream"),
    /// The old owner follows.
    WAY_BACK("Old owner follows", "making the old owner follow"),
    /// A fence arrived the other way.
    PROVED("Way back proved", "proving the way back"),
    /// The application is well.
    HEALTHY("Health check", "checking the application's health"),
    /// The user's last command.
    HOOK_AFTER("Hook after", "running the hook after"),
    /// Everything was taken back.
    UNDONE("Undone", "undoing it");

    private final String title;
    private final String doing;

    Point(String title, String doing) {
        this.title = title;
        this.doing = doing;
    }

    /// For the timeline.
    public String title() {
        return title;
    }

    /// A clause for messages.
    public String doing() {
        return doing;
    }
}
