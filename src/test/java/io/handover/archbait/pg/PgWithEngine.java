package io.handover.archbait.pg;

import io.handover.archbait.engine.EngineWithPgjdbc;

public record PgWithEngine(EngineWithPgjdbc engine) {}
