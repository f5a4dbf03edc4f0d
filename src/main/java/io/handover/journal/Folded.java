package io.handover.journal;

import io.handover.model.MigrationState;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the journal's lines add up to.
///
/// @param state   what everyone sees
/// @param copied  tables that are copied whole from the present snapshot
/// @param command the last command that was taken up, for Retry; empty before the first
/// @param open    acts whose intent has no outcome yet, with their details: the servers must be asked about them
/// @param proofs  by what each table was proved equal last; without those that were found different since
/// @param waves   how the tables of the present copy are divided; empty if they are not, or in older journals
public record Folded(
        MigrationState state,
        Set<TableRef> copied,
        String command,
        Map<String, String> open,
        Map<TableRef, TableProof> proofs,
        List<List<TableRef>> waves) {

    /// Copies the collections.
    public Folded {
        copied = copied instanceof GrowingSet ? copied : Set.copyOf(copied);
        open = Map.copyOf(open);
        proofs = Map.copyOf(proofs);
        waves = waves.stream().<List<TableRef>>map(List::copyOf).toList();
    }

    /// With what a comparison says of these tables. One that was not compared keeps its earlier proof: whether that
    /// still holds is looked at when it is used.
    Folded proved(List<TableVerdict> tables) {
        var next = new HashMap<>(proofs);
        for (TableVerdict table : tables) {
            if (table.verdict() != TableVerdict.Verdict.NOT_COMPARED) {
                next.remove(table.table());
            }
            table.proof().ifPresent(proof -> next.put(table.table(), proof));
        }
        return new Folded(state, copied, command, open, next, waves);
    }

    Folded with(MigrationState next) {
        return new Folded(next, copied, command, open, proofs, waves);
    }

    Folded plus(Collection<TableRef> tables) {
        Set<TableRef> more = copied;
        for (TableRef table : tables) {
            more = GrowingSet.plus(more, table);
        }
        return new Folded(state, more, command, open, proofs, waves);
    }

    Folded divided(List<List<TableRef>> into) {
        return new Folded(state, copied, command, open, proofs, into);
    }

    Folded withCommand(String name) {
        return new Folded(state, copied, name, open, proofs, waves);
    }

    Folded intent(String act, String detail) {
        var more = new LinkedHashMap<>(open);
        more.put(act, detail);
        return new Folded(state, copied, command, more, proofs, waves);
    }

    Folded outcome(String act) {
        var less = new LinkedHashMap<>(open);
        less.remove(act);
        return new Folded(state, copied, command, less, proofs, waves);
    }
}
