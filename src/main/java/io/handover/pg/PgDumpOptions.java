package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// What a schema dump shall have in it.
///
/// @param owners   `ALTER … OWNER TO` for every object
/// @param grants   grants and default privileges
/// @param snapshot an exported snapshot to read in; empty for one of its own
public record PgDumpOptions(boolean owners, boolean grants, String snapshot) {

    /// Without a snapshot.
    public PgDumpOptions(boolean owners, boolean grants) {
        this(owners, grants, "");
    }

    /// All identifiers are quoted, as PostgreSQL advises between major versions: a name may be a keyword
    /// only on the newer one. The headings of a verbose dump have the OIDs.
    List<String> arguments() {
        var arguments = new ArrayList<String>(List.of(
                "--schema-only",
                "--verbose",
                "--no-password",
                "--encoding=UTF8",
                "--quote-all-identifiers",
                "--no-publications",
                "--no-subscriptions",
                "--exclude-schema=" + HandoverSchema.NAME,
                "--lock-wait-timeout=30s"));
        if (!owners) {
            arguments.add("--no-owner");
        }
        if (!grants) {
            arguments.add("--no-acl");
        }
        if (!snapshot.isEmpty()) {
            arguments.add("--snapshot=" + snapshot);
        }
        return arguments;
    }
}
