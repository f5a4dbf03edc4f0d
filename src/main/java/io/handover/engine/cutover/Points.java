package io.handover.engine.cutover;

/// Told of every point a cutover has passed, on its thread: for a log, and for a test that wants to be cruel
/// there.
@FunctionalInterface
public interface Points {

    /// Nobody listens.
    Points NOBODY = _ -> {};

    /// `point` is done and the next one has not begun.
    void passed(Point point);
}
