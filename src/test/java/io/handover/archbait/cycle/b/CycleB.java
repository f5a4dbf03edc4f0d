package io.handover.archbait.cycle.b;

import io.handover.archbait.cycle.a.CycleA;

public record CycleB(CycleA a) {}
