package io.handover.archbait.ui;

import io.handover.archbait.engine.step.Step;

public record PageWithStep(Step step) {}
