package io.handover.archbait.ui;

import io.handover.archbait.engine.HiddenConductor;

public record PageWithConductor(HiddenConductor conductor) {}
