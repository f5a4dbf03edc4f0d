package io.handover.flow;

/// Pause and stop: asked for on one thread, obeyed on others at their safe points.
public final class Gate {

    private boolean paused;
    private boolean stopped;

    /// Waits while paused.
    ///
    /// @throws StoppedException     once stop was asked, paused or not
    /// @throws InterruptedException if the thread is interrupted while it waits
    public synchronized void pass() throws InterruptedException, StoppedException {
        while (paused && !stopped) {
            wait();
        }
        if (stopped) {
            throw new StoppedException();
        }
    }

    /// Waits at most `millis`, unless stop is asked before.
    ///
    /// @throws StoppedException once stop was asked
    public synchronized void pause(long millis) throws InterruptedException, StoppedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!stopped) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
        throw new StoppedException();
    }

    /// Holds the work at its next safe point.
    public synchronized void hold() {
        paused = true;
    }

    /// Lets held work go on.
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /// Ends the work for good.
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /// True while paused.
    public synchronized boolean isHeld() {
        return paused;
    }

    /// True once stop was asked.
    public synchronized boolean isStopped() {
        return stopped;
    }
}
