package io.handover.model;

/// Who had something done: the person at the machine, and the roles it was done as.
///
/// @param person     the operating system's user name; "unknown" if it does not tell
/// @param machine    the machine's name; "unknown" if it does not tell
/// @param sourceRole role on the source
/// @param targetRole role on the target
public record Operator(String person, String machine, String sourceRole, String targetRole) {

    /// In words, for people.
    public String words() {
        return person + "@" + machine + ", as role " + sourceRole + " on the source and " + targetRole
                + " on the target";
    }
}
