package io.handover.model;

import java.time.Duration;

/// Somebody else's session on a server.
///
/// Source: `pg_stat_activity`.
///
/// @param pid         the backend
/// @param user        role
/// @param application `application_name`; may be empty
/// @param client      address; empty for a local socket
/// @param state       `active`, `idle in transaction` …
/// @param transaction age of its transaction; zero if none
/// @param writes      whether it has an xid, that is has written
/// @param query       its last statement, cut to 200 characters
public record Session(
        int pid,
        String user,
        String application,
        String client,
        String state,
        Duration transaction,
        boolean writes,
        String query) {

    /// One line for people: pid, user, application, client, age.
    public String display() {
        return "pid " + pid + " (" + user + (application.isEmpty() ? "" : ", " + application)
                + (client.isEmpty() ? "" : " from " + client) + "), " + transaction.toSeconds() + " s";
    }
}
