package io.handover.archbait.cycle.a;

import io.handover.archbait.cycle.b.CycleB;

public record CycleA(CycleB b) {}
