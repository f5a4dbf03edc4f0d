package io.handover.archbait.journal;

import io.handover.archbait.pg.Server;

public record JournalWithPg(Server server) {}
