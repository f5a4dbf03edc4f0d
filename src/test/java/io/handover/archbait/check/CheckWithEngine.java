package io.handover.archbait.check;

import io.handover.archbait.engine.EngineWithJavaFx;

public record CheckWithEngine(EngineWithJavaFx engine) {}
