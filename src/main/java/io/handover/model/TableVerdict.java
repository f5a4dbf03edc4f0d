package io.handover.model;

import java.util.List;
import java.util.Optional;

/// What the comparison of one table proved.
///
/// @param table        its name
/// @param verdict      the result
/// @param sourceRows   rows in the source's snapshot; -1 if not read
/// @param targetRows   rows in the target's snapshot; -1 if not read
/// @param sourceDigest count and sum of row hashes, as text; empty if not read
/// @param targetDigest the same for the target
/// @param differences  how many rows differ for no good reason; 0 if equal
/// @param unsettled    how many keys changed while the snapshots were taken and still differ; settled in the
/// next round or the write pause
/// @param first        the first differences, at most 50
/// @param note         why it was not compared, or what else is worth knowing; empty otherwise
/// @param proof        when every row was proved equal; empty unless they were, and in journals older than that
public record TableVerdict(
        TableRef table,
        Verdict verdict,
        long sourceRows,
        long targetRows,
        String sourceDigest,
        String targetDigest,
        long differences,
        long unsettled,
        List<RowDifference> first,
        String note,
        Optional<TableProof> proof) {

    /// Copies the list.
    public TableVerdict {
        first = List.copyOf(first);
        proof = proof == null ? Optional.empty() : proof;
    }

    /// Without a proof.
    public TableVerdict(
            TableRef table,
            Verdict verdict,
            long sourceRows,
            long targetRows,
            String sourceDigest,
            String targetDigest,
            long differences,
            long unsettled,
            List<RowDifference> first,
            String note) {
        this(
                table,
                verdict,
                sourceRows,
                targetRows,
                sourceDigest,
                targetDigest,
                differences,
                unsettled,
                first,
                note,
                Optional.empty());
    }

    /// The same with one more sentence in its note.
    public TableVerdict noting(String sentence) {
        return new TableVerdict(
                table,
                verdict,
                sourceRows,
                targetRows,
                sourceDigest,
                targetDigest,
                differences,
                unsettled,
                first,
                note.isEmpty() ? sentence : note + ". " + sentence,
                proof);
    }

    /// The results a comparison can have.
    public enum Verdict {
        /// Waits for its turn.
        PENDING,
        /// Is being compared.
        RUNNING,
        /// Every row is equal.
        EQUAL,
        /// All rows are equal but a few that changed while the snapshots were taken.
        UNSETTLED,
        /// At least one row differs.
        DIFFERENT,
        /// Not compared; `note` says why.
        NOT_COMPARED
    }

    /// Not yet compared.
    public static TableVerdict pending(TableRef table) {
        return new TableVerdict(table, Verdict.PENDING, -1, -1, "", "", 0, 0, List.of(), "");
    }
}
