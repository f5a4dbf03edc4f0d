package io.handover.model;

/// What is noted of one table on one server when its rows are compared, so that it can be told later
/// whether any of them has been changed since. Of the rows themselves nothing is in it but their number and
/// the sum of their hashes.
///
/// @param storage which table this is and how its rows are to be read: a hash of the server's start, the table's and
///                its partitions' files, its columns and the labels of its enums
/// @param horizon the oldest transaction that was still running then, 64 bits: all that were older had ended
/// @param rows    how many there were
/// @param digest  count and sum of row hashes, as text
public record SideMark(String storage, long horizon, long rows, String digest) {

    /// Refuses what no server says.
    public SideMark {
        if (storage.isBlank() || horizon < 0 || rows < 0) {
            throw new IllegalArgumentException("not the mark of a table");
        }
    }

    /// The same, found again later: nothing older than `later` has been changed meanwhile.
    public SideMark at(long later) {
        return new SideMark(storage, later, rows, digest);
    }
}
