package io.handover.archbait.report;

import io.handover.archbait.pg.Server;

public record ReportWithPg(Server server) {}
