package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// What one worker copies in one go: a table, or a range of its rows.
///
/// @param table  of the source
/// @param range  which rows
/// @param bytes  the work, an estimate
/// @param number which of the table's pieces, from 1
/// @param of     how many pieces the table has
public record CopyPiece(CopyTable table, CopyRange range, long bytes, int number, int of) {

    /// Bytes of a range, usually: smaller ones cost more, larger ones leave workers idle at the end.
    public static final long RANGE = 256L * 1024 * 1024;

    /// A table of fewer bytes is as well off without FREEZE, and a new file for it takes longer than its rows do.
    private static final long WORTH_FREEZING = 1024 * 1024;

    /// The whole of a table.
    public static CopyPiece whole(CopyTable table) {
        return new CopyPiece(table, new CopyRange.Whole(), table.bytes(), 1, 1);
    }

    /// True if it is the whole table.
    public boolean isWhole() {
        return range instanceof CopyRange.Whole;
    }

    /// True if the table is to be emptied in the transaction that writes it.
    ///
    /// @param heap bytes that its heap has on the target: nothing of it is there if there are none
    boolean emptiesFirst(long heap) {
        return isWhole() && (heap > 0 || bytes >= WORTH_FREEZING);
    }

    /// The same rows in another format.
    public CopyPiece as(CopyFormat format) {
        return new CopyPiece(table.as(format), range, bytes, number, of);
    }

    /// Cuts a table into pieces, which together are the whole of it, whatever it has grown by since.
    ///
    /// @param rangeBytes how big each
    public static List<CopyPiece> of(CopyTable table, long rangeBytes) {
        List<CopyRange> ranges = table.split().into(table.bytes() / rangeBytes);
        var pieces = new ArrayList<CopyPiece>();
        for (CopyRange range : ranges) {
            pieces.add(new CopyPiece(table, range, table.bytes() / ranges.size(), pieces.size() + 1, ranges.size()));
        }
        return pieces;
    }

    /// The statement for the source.
    String out() {
        // a bare list of no columns is right after SELECT, for a table that has none
        return "copy (select " + SqlNames.list(table.columns()) + " from only " + SqlNames.quoted(table.table())
                + range.where() + ") to stdout (format " + table.format().word() + ")";
    }

    /// The statement for the target.
    ///
    /// @param freeze whether the table was emptied in the same transaction
    String in(boolean freeze) {
        String columns = table.columns().isEmpty() ? "" : " (" + SqlNames.list(table.columns()) + ")";
        return "copy " + SqlNames.quoted(table.table()) + columns + " from stdin (format "
                + table.format().word() + (freeze ? ", freeze)" : ")");
    }
}
