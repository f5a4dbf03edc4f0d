package io.handover.archbait.ui;

import javafx.application.Platform;

public final class RunsLater {
    public void go() {
        Platform.runLater(() -> {});
    }
}
