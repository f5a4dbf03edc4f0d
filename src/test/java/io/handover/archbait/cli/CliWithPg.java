package io.handover.archbait.cli;

import io.handover.archbait.pg.Server;

public record CliWithPg(Server server) {}
