package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// What one worker copies in one go: a table, or a range of its pages.
///
/// @param table    of the source
/// @param fromPage first page
/// @param toPage   the page after the last; -1 for all that follow
/// @param bytes    the work, an estimate
public record CopyPiece(CopyTable table, long fromPage, long toPage, long bytes) {

    /// Bytes of a range, usually: smaller ones cost more, larger ones leave workers idle at the end.
    public static final long RANGE = 256L * 1024 * 1024;

    /// True if it is the whole table.
    public boolean whole() {
        return fromPage == 0 && toPage < 0;
    }

    /// Cuts a table into pieces, which together are the whole of it, whatever it has grown by since.
    ///
    /// @param rangeBytes how big; `Long.MAX_VALUE` for a source that would read the whole table for each
    /// range
    ///                   (before 14)
    public static List<CopyPiece> of(CopyTable table, long rangeBytes) {
        long count = Math.min(table.pages(), table.bytes() / rangeBytes);
        if (count <= 1) {
            return List.of(new CopyPiece(table, 0, -1, table.bytes()));
        }
        List<CopyPiece> pieces = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long from = table.pages() * i / count;
            long to = i == count - 1 ? -1 : table.pages() * (i + 1) / count;
            pieces.add(new CopyPiece(table, from, to, table.bytes() / count));
        }
        return pieces;
    }

    /// The statement for the source.
    String out() {
        // a bare list of no columns is right after SELECT, for a table that has none
        return "copy (select " + SqlNames.list(table.columns()) + " from only " + SqlNames.quoted(table.table())
                + where() + ") to stdout (format " + table.format().word() + ")";
    }

    /// The statement for the target.
    ///
    /// @param freeze whether the table was emptied in the same transaction
    String in(boolean freeze) {
        String columns = table.columns().isEmpty() ? "" : " (" + SqlNames.list(table.columns()) + ")";
        return "copy " + SqlNames.quoted(table.table()) + columns + " from stdin (format "
                + table.format().word() + (freeze ? ", freeze)" : ")");
    }

    private String where() {
        String from = fromPage == 0 ? "" : " ctid >= '(" + fromPage + ",0)'::pg_catalog.tid";
        String to = toPage < 0 ? "" : " ctid < '(" + toPage + ",0)'::pg_catalog.tid";
        if (from.isEmpty() && to.isEmpty()) {
            return "";
        }
        return " where" + from + (from.isEmpty() || to.isEmpty() ? "" : " and") + to;
    }
}
