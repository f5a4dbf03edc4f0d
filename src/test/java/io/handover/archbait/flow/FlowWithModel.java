package io.handover.archbait.flow;

import io.handover.archbait.model.Thing;

public record FlowWithModel(Thing thing) {}
