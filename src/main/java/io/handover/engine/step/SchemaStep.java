package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.DbSession;
import io.handover.pg.DumpEntry;
import io.handover.pg.DumpSection;
import io.handover.pg.DumpSplitter;
import io.handover.pg.DumpStore;
import io.handover.pg.HandoverSchema;
import io.handover.pg.PgDump;
import io.handover.pg.PgDumpFailure;
import io.handover.pg.PgDumpOptions;
import io.handover.pg.PgDumpSearch;
import io.handover.pg.SchemaWriter;
import io.handover.pg.ScopeFilter;
import io.handover.pg.TargetFacts;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Makes the source's schema on the target as far as rows need it: everything but keys, indexes, foreign
/// keys, triggers and the like, which `IndexStep` makes from the entries that are kept on the target.
///
/// Run again after a failure it dumps afresh and makes only what is not there yet.
public final class SchemaStep implements Step {

    private final PgDump pgDump;

    /// Uses `pgDump`.
    public SchemaStep(PgDump pgDump) {
        this.pgDump = pgDump;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        Side busy = Side.SOURCE;
        try (DbSession source = with.server(Side.SOURCE).open("schema")) {
            with.progress(-1, "");
            List<DumpEntry> entries = dump(with, source);
            busy = Side.TARGET;
            try (DbSession target = with.server(Side.TARGET).openSimple("schema")) {
                var facts = TargetFacts.read(target.jdbc());
                refuseIfAny(facts.missingExtensions(entries), SchemaProblems::extensions);
                refuseIfAny(facts.missingRoles(entries), SchemaProblems::roles);
                busy = Side.SOURCE;
                HandoverSchema.create(source, with.plan().id());
                busy = Side.TARGET;
                make(with, target, facts, entries);
            }
            with.enter(Stage.SCHEMA_READY);
            return new StepOutcome.Done();
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        } catch (SchemaRefused e) {
            return new StepOutcome.Failed(e.problem());
        } catch (PgDumpFailure e) {
            return new StepOutcome.Failed(SchemaProblems.dump(e));
        } catch (SQLException e) {
            return new StepOutcome.Failed(SchemaProblems.of(e, busy, "the schema was being made"));
        }
    }

    private List<DumpEntry> dump(StepContext with, DbSession source)
            throws SQLException, SchemaRefused, PgDumpFailure, StoppedException, InterruptedException {
        Plan plan = with.plan();
        int major = source.major();
        PgDumpSearch.Usable tool = switch (pgDump.find(major)) {
            case PgDumpSearch.Usable usable -> usable;
            case PgDumpSearch.TooOld(var found, int needed) ->
                throw new SchemaRefused(SchemaProblems.noTool(found, needed));
            case PgDumpSearch.Missing(int needed) -> throw new SchemaRefused(SchemaProblems.noTool(List.of(), needed));
        };
        with.note("Reading the schema with " + tool.display() + ".");
        String text = pgDump.schema(
                tool,
                with.server(Side.SOURCE).endpoint(),
                new PgDumpOptions(plan.keepOwners(), plan.keepGrants()),
                with.gate());
        var filtered = ScopeFilter.apply(split(text), plan.scope(), source.jdbc());
        if (!filtered.broken().isEmpty()) {
            throw new SchemaRefused(SchemaProblems.scope(filtered.broken()));
        }
        if (!filtered.notes().isEmpty()) {
            with.note("Left out, because they need a table that stays behind: " + String.join("; ", filtered.notes()));
        }
        return filtered.entries();
    }

    private static List<DumpEntry> split(String text) throws SchemaRefused {
        try {
            return DumpSplitter.split(text);
        } catch (IllegalArgumentException e) {
            throw new SchemaRefused(SchemaProblems.unreadable(e));
        }
    }

    private static void make(StepContext with, DbSession target, TargetFacts facts, List<DumpEntry> entries)
            throws SQLException, SchemaRefused, StoppedException, InterruptedException {
        HandoverSchema.create(target, with.plan().id());
        DumpStore.create(target);
        Set<String> made = DumpStore.made(target.jdbc());
        var vanished = new HashSet<>(made);
        entries.forEach(entry -> vanished.remove(DumpStore.fingerprint(entry)));
        if (!vanished.isEmpty()) {
            throw new SchemaRefused(SchemaProblems.changed(vanished.size()));
        }
        DumpStore.replace(target, entries);
        List<DumpEntry> toMake = entries.stream()
                .filter(entry -> entry.section() == DumpSection.PRE_DATA)
                .filter(entry -> !made.contains(DumpStore.fingerprint(entry)))
                .toList();
        new SchemaWriter(target, facts, with::note)
                .write(toMake, with.gate(), done -> with.progress((double) done / toMake.size(), ""));
    }

    private static void refuseIfAny(List<String> missing, Function<List<String>, Problem> problem)
            throws SchemaRefused {
        if (!missing.isEmpty()) {
            throw new SchemaRefused(problem.apply(missing));
        }
    }

    /// The schema cannot be made, and no server said so.
    private static final class SchemaRefused extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        SchemaRefused(Problem problem) {
            super(problem.what());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
