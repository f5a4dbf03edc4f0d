package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.PgDumpSearch;
import java.util.List;
import java.util.stream.Collectors;

/// A `pg_dump` on this computer that is not older than the source.
final class PgDumpCheck implements Check {

    @Override
    public String name() {
        return "pg-dump";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        int major = with.sourceFacts().major();
        return switch (with.pgDump()) {
            case PgDumpSearch.Usable usable ->
                List.of(Findings.note(
                        name(),
                        Side.SOURCE,
                        "The schema is read with " + usable.display(),
                        usable instanceof PgDumpSearch.BuiltIn
                                ? "No installed pg_dump is new enough for the source, so Handover uses its own; nothing"
                                        + " has to be installed."
                                : "An installed pg_dump that is new enough is preferred to the built-in one, because it"
                                        + " is faster."));
            case PgDumpSearch.TooOld(var found, int _) ->
                List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "pg_dump is too old: "
                                + found.stream()
                                        .map(PgDumpSearch.Found::version)
                                        .collect(Collectors.joining(", "))
                                + ", the source is " + major,
                        "An older pg_dump refuses a newer server; the schema could not be read.",
                        install(major)));
            case PgDumpSearch.Missing _ ->
                List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "pg_dump was not found on this computer",
                        "The schema is read with it.",
                        install(major)));
        };
    }

    static String install(int major) {
        return "Install the PostgreSQL client tools, version " + major + " or later: postgresql-client-" + major
                + " (Debian, Ubuntu), postgresql" + major + " (Red Hat), libpq (Homebrew), or the installer of"
                + " postgresql.org (Windows, macOS).";
    }
}
