package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Runs entries of a schema dump on the target, in the order given, and notes each in `handover.dump`.
///
/// As many entries as the server's table of locks can take go into one transaction: usually all, so that a
/// failure leaves nothing behind; of a very large schema the finished transactions stay, and a later run
/// goes on after them. Within a transaction they are sent in batches; only if one fails its entries are
/// tried singly, to name the culprit.
///
/// One thread; the session must come from `Server.openSimple`: the extended protocol cannot run every
/// statement that `pg_dump` writes.
public final class SchemaWriter {

    /// What the dump's preamble would set.
    private static final String SESSION = """
            set check_function_bodies = off;
            set xmloption = content;
            set client_min_messages = warning;
            set standard_conforming_strings = on;
            set default_tablespace = ''""";

    private static final int BATCH = 200;
    private static final int BATCH_LENGTH = 100_000;

    private final DbSession target;
    private final TargetFacts facts;
    private final Consumer<String> notes;
    private final int locks;

    /// Prepares the session.
    ///
    /// @param facts read before the first entry was run
    /// @param notes told what was done otherwise than the dump says, for people
    public SchemaWriter(DbSession target, TargetFacts facts, Consumer<String> notes) throws SQLException {
        this(target, facts, notes, facts.lockBudget());
    }

    /// @param locks how many locks one transaction may take, about
    SchemaWriter(DbSession target, TargetFacts facts, Consumer<String> notes, int locks) throws SQLException {
        this.target = target;
        this.facts = facts;
        this.notes = notes;
        this.locks = locks;
        target.change(SESSION);
    }

    /// Runs `entries`.
    ///
    /// @param gate asked between two batches; what is not committed then is rolled back
    /// @param made told how many are done, after each batch
    /// @throws EntryFailure if the target refuses one
    /// @throws SQLException if the connection fails
    public void write(List<DumpEntry> entries, Gate gate, IntConsumer made)
            throws SQLException, InterruptedException, StoppedException {
        int from = 0;
        while (from < entries.size()) {
            int to = from;
            for (int taken = 0; to < entries.size() && (to == from || taken < locks); to++) {
                taken += cost(entries.get(to));
            }
            transaction(entries.subList(from, to), gate, made, from);
            from = to;
        }
    }

    /// Runs the first step of an entry that is done in two; it is not noted as made.
    ///
    /// @param first see `TwoSteps`
    /// @throws EntryFailure if the target refuses it
    public void prepare(DumpEntry first) throws SQLException {
        single(first);
    }

    private void transaction(List<DumpEntry> entries, Gate gate, IntConsumer made, int before)
            throws SQLException, InterruptedException, StoppedException {
        target.jdbc().setAutoCommit(false);
        try {
            int done = 0;
            while (done < entries.size()) {
                gate.pass();
                int end = done;
                for (int length = 0; end < entries.size() && end - done < BATCH && length < BATCH_LENGTH; end++) {
                    if (isAlone(entries.get(end))) {
                        end += end == done ? 1 : 0;
                        break;
                    }
                    length += entries.get(end).sql().length();
                }
                batch(entries.subList(done, end));
                done = end;
                made.accept(before + done);
            }
            DumpStore.note(target.jdbc(), entries);
            target.jdbc().commit();
        } catch (SQLException | InterruptedException | StoppedException | RuntimeException e) {
            try {
                target.jdbc().rollback();
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        } finally {
            if (!target.jdbc().isClosed()) {
                target.jdbc().setAutoCommit(true);
            }
        }
    }

    private void batch(List<DumpEntry> entries) throws SQLException {
        if (entries.size() == 1) {
            single(entries.getFirst());
            return;
        }
        Savepoint savepoint = target.jdbc().setSavepoint();
        try {
            var sql = new StringBuilder();
            for (DumpEntry entry : entries) {
                sql.append(text(entry)).append("\n\n");
            }
            if (!sql.toString().isBlank()) {
                target.change(sql.toString().strip());
            }
            target.jdbc().releaseSavepoint(savepoint);
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e)) {
                throw e;
            }
            target.jdbc().rollback(savepoint);
            for (DumpEntry entry : entries) {
                single(entry);
            }
        }
    }

    private void single(DumpEntry entry) throws SQLException {
        String sql = text(entry);
        if (sql.isEmpty()) {
            return;
        }
        try {
            target.change(sql, DumpStore.isSecret(entry) ? DumpStore.shown(entry) : sql);
        } catch (SQLException e) {
            throw SqlFailure.connectionLost(e) ? e : new EntryFailure(entry, e);
        }
    }

    /// The statements with the settings they need before them.
    private String text(DumpEntry entry) throws SQLException {
        String sql = facts.adapted(entry, target.jdbc(), notes);
        if (sql.isEmpty()) {
            return "";
        }
        var text = new StringBuilder();
        String tablespace = facts.tablespace(entry, notes);
        if (!tablespace.isEmpty()) {
            text.append("set default_tablespace = ")
                    .append(SqlNames.quoted(tablespace))
                    .append(";\n");
        }
        if (!entry.accessMethod().isEmpty() && entry.type().matches("TABLE|MATERIALIZED VIEW")) {
            text.append("set default_table_access_method = ")
                    .append(SqlNames.quoted(entry.accessMethod()))
                    .append(";\n");
        }
        text.append(sql);
        return tablespace.isEmpty()
                ? text.toString()
                : text.append("\nset default_tablespace = '';").toString();
    }

    /// Entries that ask the catalogue when it is their turn, or that are not shown.
    private static boolean isAlone(DumpEntry entry) {
        return DumpStore.isSecret(entry) || TargetFacts.asksFirst(entry);
    }

    /// Locks that an entry takes, about: a table with its TOAST table, their indexes and its types.
    private static int cost(DumpEntry entry) {
        return Map.of("TABLE", 4, "SEQUENCE", 2, "MATERIALIZED VIEW", 4, "VIEW", 2)
                .getOrDefault(entry.type(), 1);
    }
}
