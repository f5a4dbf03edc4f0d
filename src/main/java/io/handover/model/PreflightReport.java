package io.handover.model;

import java.time.Instant;
import java.util.List;

/// One run of all preflight checks.
///
/// @param at       when it ended
/// @param findings worst first, then in the checks' order
/// @param passed   the names of checks that found nothing
public record PreflightReport(Instant at, List<Finding> findings, List<String> passed) {

    /// Copies both lists.
    public PreflightReport {
        findings = List.copyOf(findings);
        passed = List.copyOf(passed);
    }

    /// True if a finding forbids the start.
    public boolean blocked() {
        return count(Severity.BLOCKER) > 0;
    }

    /// How many findings have `severity`.
    public long count(Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).count();
    }
}
