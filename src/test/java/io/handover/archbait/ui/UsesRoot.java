package io.handover.archbait.ui;

import io.handover.archbait.RootThing;

public record UsesRoot(RootThing thing) {}
