package io.handover.archbait.ui;

import java.util.concurrent.Executors;

public final class StartsPool {
    public void go() {
        Executors.newCachedThreadPool().close();
    }
}
