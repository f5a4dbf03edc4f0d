package io.handover.archbait.ui;

public final class StartsThreads {
    public void go() {
        new Thread(() -> {}).start();
    }
}
