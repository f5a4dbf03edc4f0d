package io.handover.archbait.engine;

public record EngineWithJavaFx(javafx.geometry.Insets insets) {}
