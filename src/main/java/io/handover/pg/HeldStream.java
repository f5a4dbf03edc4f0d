package io.handover.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A subscription of a migration as its follower has it, and whether Handover holds it.
///
/// A held subscription is disabled and says so in its comment, both in one commit: whoever finds it after a
/// crash knows that it was Handover and not the administrator who disabled it.
///
/// @param subscription its name
/// @param slot         its slot on the owner
/// @param publications what it follows
/// @param enabled      false while it is disabled, by whomever
/// @param comment      its comment; empty if it has none
record HeldStream(String subscription, String slot, List<String> publications, boolean enabled, String comment) {

    private static final String MARK =
            "Handover: disabled for a moment while both sides are compared; Handover enables it again.";

    private static final String STREAMS = """
            select s.subname, coalesce(s.subslotname, ''), s.subpublications, s.subenabled,
                   coalesce(pg_catalog.obj_description(s.oid, 'pg_subscription'), '')
              from pg_catalog.pg_subscription s
              join pg_catalog.pg_database d on d.oid = s.subdbid
             where d.datname = pg_catalog.current_database()
               and (s.subname = ? or pg_catalog.left(s.subname, pg_catalog.length(?) + 1) = ? || '_')
             order by s.subname
            """;

    /// Copies the list.
    HeldStream {
        publications = List.copyOf(publications);
    }

    /// The subscription of this name and those of later waves, which have it with `_` and more; empty if
    /// there is none in this database.
    static List<HeldStream> read(Connection follower, String name) throws SQLException {
        var streams = new ArrayList<HeldStream>();
        try (PreparedStatement query = follower.prepareStatement(STREAMS)) {
            query.setString(1, name);
            query.setString(2, name);
            query.setString(3, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    streams.add(new HeldStream(
                            row.getString(1),
                            row.getString(2),
                            texts(row.getArray(3)),
                            row.getBoolean(4),
                            row.getString(5)));
                }
            }
        }
        return streams;
    }

    /// True if a subscription with this comment is held.
    static boolean isMark(String comment) {
        return comment.startsWith(MARK);
    }

    /// True if Handover has disabled it for a comparison.
    boolean isHeld() {
        return isMark(comment);
    }

    /// Disables it.
    void hold(DbSession follower) throws SQLException {
        follower.inTransaction(s -> {
            s.change(comment(MARK + ownComment()));
            return s.change("alter subscription " + SqlNames.quoted(subscription) + " disable");
        });
    }

    /// Enables it, and gives it back the comment it had.
    void release(DbSession follower) throws SQLException {
        follower.inTransaction(s -> {
            s.change("alter subscription " + SqlNames.quoted(subscription) + " enable");
            return s.change(comment(ownComment()));
        });
    }

    /// Without the mark.
    private String ownComment() {
        return isHeld() ? comment.substring(MARK.length()) : comment;
    }

    private String comment(String text) {
        return "comment on subscription " + SqlNames.quoted(subscription) + " is "
                + (text.isEmpty() ? "null" : SqlNames.literal(text));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
