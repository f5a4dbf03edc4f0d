package io.handover.archbait.engine.step;

public interface Step {}
