package io.handover.archbait.ui;

public record BadViewModel(javafx.scene.control.Button button) {}
