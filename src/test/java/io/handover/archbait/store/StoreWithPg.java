package io.handover.archbait.store;

import io.handover.archbait.pg.Server;

public record StoreWithPg(Server server) {}
