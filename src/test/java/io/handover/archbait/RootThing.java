package io.handover.archbait;

/// Stands for Main: no part may know it.
public final class RootThing {}
