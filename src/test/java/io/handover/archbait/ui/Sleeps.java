package io.handover.archbait.ui;

public final class Sleeps {
    public void go() throws InterruptedException {
        Thread.sleep(1);
    }
}
