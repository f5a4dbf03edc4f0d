package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A comparison of both sides, finished or not.
///
/// @param startedAt   when the snapshots were taken
/// @param took        until now, or until its end
/// @param finished    false while it runs
/// @param owner       the side that was taken for the truth
/// @param method      how it was done, in words
/// @param ownerLsn    the owner's position the comparison is tied to
/// @param applyPaused how long the follower's apply was held
/// @param tables      one verdict a table, in name order
/// @param notCompared what was left out and why, one line each: said as loudly as the rest
/// @param schema      objects of the schema that are not the same: a lost index, default, constraint, trigger
/// @param by          who had it done; empty in journals older than that
/// @param seen        which of either server's transactions it could see; empty in journals older than that
public record VerifyReport(
        Instant startedAt,
        Duration took,
        boolean finished,
        Side owner,
        String method,
        Lsn ownerLsn,
        Duration applyPaused,
        List<TableVerdict> tables,
        List<String> notCompared,
        List<SchemaDifference> schema,
        Optional<Operator> by,
        Optional<SeenBefore> seen) {

    /// Copies the lists. A report that was journalled before schemas were compared has none of their differences.
    public VerifyReport {
        tables = List.copyOf(tables);
        notCompared = List.copyOf(notCompared);
        schema = schema == null ? List.of() : List.copyOf(schema);
        by = by == null ? Optional.empty() : by;
        seen = seen == null ? Optional.empty() : seen;
    }

    /// By nobody in particular.
    public VerifyReport(
            Instant startedAt,
            Duration took,
            boolean finished,
            Side owner,
            String method,
            Lsn ownerLsn,
            Duration applyPaused,
            List<TableVerdict> tables,
            List<String> notCompared,
            List<SchemaDifference> schema) {
        this(
                startedAt,
                took,
                finished,
                owner,
                method,
                ownerLsn,
                applyPaused,
                tables,
                notCompared,
                schema,
                Optional.empty(),
                Optional.empty());
    }

    /// Of rows only.
    public VerifyReport(
            Instant startedAt,
            Duration took,
            boolean finished,
            Side owner,
            String method,
            Lsn ownerLsn,
            Duration applyPaused,
            List<TableVerdict> tables,
            List<String> notCompared) {
        this(startedAt, took, finished, owner, method, ownerLsn, applyPaused, tables, notCompared, List.of());
    }

    /// True if the follower lacks nothing of the owner's schema and has nothing of it otherwise; what it has in
    /// addition is listed but no fault.
    public boolean sameSchema() {
        return schema.stream().noneMatch(difference -> difference.isLack(owner));
    }

    /// Finished, every table compared, and no row differs; keys that were changing meanwhile may be unsettled.
    public boolean passed() {
        return finished
                && tables.stream()
                        .allMatch(t -> t.verdict() == TableVerdict.Verdict.EQUAL
                                || t.verdict() == TableVerdict.Verdict.UNSETTLED);
    }

    /// Finished, and every single row of every table was proved equal.
    public boolean proved() {
        return finished && tables.stream().allMatch(t -> t.verdict() == TableVerdict.Verdict.EQUAL);
    }

    /// Everything that was not compared and why: what was left out, and tables that could not be.
    public List<String> allNotCompared() {
        return Stream.concat(
                        tables.stream()
                                .filter(t -> t.verdict() == TableVerdict.Verdict.NOT_COMPARED)
                                .map(t -> t.table().display() + ": " + t.note()),
                        notCompared.stream())
                .toList();
    }

    /// Rows that differ for no good reason, over all tables.
    public long differences() {
        return tables.stream().mapToLong(TableVerdict::differences).sum();
    }

    /// Keys that are still to be settled, over all tables.
    public long unsettled() {
        return tables.stream().mapToLong(TableVerdict::unsettled).sum();
    }

    /// Rows compared on the owner, over all tables.
    public long rows() {
        return tables.stream().mapToLong(t -> Math.max(0, t.sourceRows())).sum();
    }
}
