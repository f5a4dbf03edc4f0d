package io.handover.archbait.engine;

/// Public, in the right package, but neither interface nor data.
public final class HiddenConductor {}
