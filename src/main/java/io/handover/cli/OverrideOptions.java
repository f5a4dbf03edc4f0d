package io.handover.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// Which gates shall not forbid a hand-over, and why.
final class OverrideOptions {

    @Option(
            names = "--override",
            paramLabel = "GATE=REASON",
            description =
                    "go on although this gate is closed, where that costs no row; kept on record; may be repeated")
    private Map<String, String> reasons = new LinkedHashMap<>();

    /// Reasons by the gates' names, in the order they were given.
    Map<String, String> reasons() {
        return reasons;
    }
}
