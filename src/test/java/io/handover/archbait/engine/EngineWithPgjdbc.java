package io.handover.archbait.engine;

public record EngineWithPgjdbc(org.postgresql.PGConnection connection) {}
