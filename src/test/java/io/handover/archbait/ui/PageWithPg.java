package io.handover.archbait.ui;

import io.handover.archbait.pg.Server;

public record PageWithPg(Server server) {}
