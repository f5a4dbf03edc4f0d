package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.model.TableProof;
import io.handover.pg.FencedKeys;
import io.handover.pg.TableComparer;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// One table's work in a round.
///
/// @param pair   the table
/// @param keys   the keys to look at; empty for all rows
/// @param proof  by which all rows were proved equal before: if it still holds, they are not read
/// @param fenced the same keys where they are looked at behind fences
record VerifyItem(TablePair pair, Optional<Set<String>> keys, Optional<TableProof> proof, Optional<FencedKeys> fenced) {

    VerifyItem(TablePair pair, Optional<Set<String>> keys) {
        this(pair, keys, Optional.empty(), Optional.empty());
    }

    /// For two looks behind fences; only for single keys.
    VerifyItem behindFences() {
        return new VerifyItem(pair, keys, Optional.empty(), Optional.of(new FencedKeys(pair, keys.orElseThrow())));
    }

    /// True unless every key was settled by the first look.
    boolean isOpen() {
        return fenced.filter(f -> f.open().isEmpty()).isEmpty();
    }

    boolean isWhole() {
        return keys.isEmpty();
    }

    /// Does it.
    ///
    /// @param owner which side the comparer's owner is
    TableFound compare(TableComparer comparer, WindowKeys window, Side owner)
            throws SQLException, InterruptedException {
        if (fenced.isPresent()) {
            return comparer.look(fenced.get());
        }
        if (keys.isEmpty() && proof.filter(TableProof::canBeKept).isPresent()) {
            return comparer.changed(
                    pair,
                    window,
                    proof.flatMap(p -> p.of(owner)).orElseThrow(),
                    proof.flatMap(p -> p.of(owner.other())).orElseThrow());
        }
        return keys.isPresent() ? comparer.keys(pair, keys.get(), window) : comparer.whole(pair, window);
    }
}
