package io.handover.archbait.ui;

public final class Prints {
    public void go() {
        System.out.println();
    }
}
