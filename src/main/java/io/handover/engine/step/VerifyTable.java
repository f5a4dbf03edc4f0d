package io.handover.engine.step;

import io.handover.model.Lsn;
import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.SideMark;
import io.handover.model.TableProof;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.pg.KeyRows;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import io.handover.pg.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is known of one table, round by round. Not thread-safe.
///
/// A key that differs although the stream did not change it between the snapshots is a *suspect* first: in the moment
/// of a commit a row can have reached the follower before the owner shows it to others. If it differs again in the
/// next round it is a difference.
final class VerifyTable {

    private static final int SHOWN = 50;

    private record Suspect(KeyRows rows, Optional<RowDifference> details) {}

    private TablePair pair;
    private final boolean confirm;
    private final ProofNotes notes;
    private Verdict verdict = Verdict.PENDING;
    private boolean read;
    private boolean whole = true;
    private Tally owner = Tally.NONE;
    private Tally follower = Tally.NONE;
    private final Map<String, KeyRows> unsettled = new HashMap<>();
    private final Map<String, Suspect> suspects = new HashMap<>();
    private final List<RowDifference> first = new ArrayList<>();
    private long differences;
    private long unkept;
    private Optional<TableFound.Marks> known = Optional.empty();
    private String note = "";

    /// @param confirm false where nothing can have been under way: then a suspect is a difference at once
    VerifyTable(TablePair pair, boolean confirm) {
        this(pair, confirm, Optional.empty());
    }

    /// @param earlier by which it was proved equal before; empty if it has to be read
    VerifyTable(TablePair pair, boolean confirm, Optional<TableProof> earlier) {
        this.pair = pair;
        this.confirm = confirm;
        this.notes = new ProofNotes(earlier);
    }

    TablePair pair() {
        return pair;
    }

    /// The table may have been altered since the last round.
    void pair(TablePair now) {
        pair = now;
    }

    /// Its comparison begins.
    void running() {
        if (!read) {
            verdict = Verdict.RUNNING;
        }
    }

    /// True if a further round is needed.
    boolean isPending() {
        return verdict != Verdict.NOT_COMPARED && (whole || !unsettled.isEmpty() || !suspects.isEmpty());
    }

    /// How many keys are to be looked at again; 1 for a whole table.
    long left() {
        return isPending() ? whole ? 1 : unsettled.size() + suspects.size() : 0;
    }

    /// True if a difference has shown once only.
    boolean isSuspicious() {
        return !suspects.isEmpty();
    }

    /// The keys to look at in the next round; empty for all rows.
    Optional<Set<String>> keys() {
        if (whole) {
            return Optional.empty();
        }
        var keys = new HashSet<>(unsettled.keySet());
        keys.addAll(suspects.keySet());
        return Optional.of(keys);
    }

    /// The proof that may still hold, so that it need not be read; empty if there is none.
    Optional<TableProof> earlier() {
        return notes.earlier();
    }

    /// True if all its rows are known to be equal.
    boolean isEqual() {
        return verdict == Verdict.EQUAL;
    }

    /// True if it is equal and was not read again.
    boolean isUnread() {
        return isEqual() && known.isPresent();
    }

    /// Takes what a comparison of all rows found, or that there was no need for it, and notes it for later ones.
    ///
    /// @param position of the owner's snapshot
    void whole(TableFound found, Lsn position, Instant now) {
        whole(found);
        if (found instanceof TableFound.Compared compared) {
            notes.read(compared, position, now);
        } else if (found instanceof TableFound.Unchanged unchanged) {
            notes.unchanged(unchanged, position);
        }
    }

    /// Takes it, and notes nothing.
    void whole(TableFound found) {
        switch (found) {
            case TableFound.Unchanged unchanged -> {
                reset();
                read = true;
                known = Optional.of(unchanged.marks());
                judge();
            }
            case TableFound.Again again -> again(again.why());
            case TableFound.Unreadable unreadable -> notCompared(unreadable.why());
            case TableFound.Compared compared -> {
                reset();
                read = true;
                owner = compared.owner();
                follower = compared.follower();
                compared.inside().forEach(this::unsettle);
                unkept = compared.unkept();
                boolean tooMany = compared.outside().stream()
                                .mapToLong(KeyRows::differences)
                                .sum()
                        < compared.outsideRows();
                if (!confirm || tooMany) {
                    differences = compared.outsideRows();
                    compared.outside().forEach(rows -> details(rows, compared).ifPresent(this::show));
                } else {
                    compared.outside().forEach(rows -> suspect(rows, compared));
                }
                judge();
            }
        }
    }

    /// Takes what a comparison of `keys()` found.
    void keys(TableFound found) {
        switch (found) {
            case TableFound.Unchanged _ -> throw new IllegalStateException("only of whole tables");
            case TableFound.Again again -> again(again.why());
            case TableFound.Unreadable unreadable -> notCompared(unreadable.why());
            case TableFound.Compared compared -> {
                compared.equal().forEach(this::settle);
                for (KeyRows rows : compared.inside()) {
                    suspects.remove(rows.key());
                    unsettled.put(rows.key(), rows);
                }
                for (KeyRows rows : compared.outside()) {
                    boolean again = suspects.containsKey(rows.key());
                    unsettled.remove(rows.key());
                    suspects.put(rows.key(), new Suspect(rows, details(rows, compared)));
                    if (again || !confirm) {
                        differs(rows.key());
                    }
                }
                judge();
                if (unkept > 0 && differences == 0 && unsettled.isEmpty() && suspects.isEmpty()) {
                    again("more of it was being changed than could be looked at row by row");
                }
            }
        }
    }

    /// Takes what a comparison of some keys found, all that is ever looked at.
    void only(TableFound found) {
        read = true;
        whole = false;
        keys(found);
    }

    /// No round follows: what was suspected is a difference, what is unsettled stays so.
    ///
    /// @param again true if what was suspected once is to be looked at again in the write pause instead
    void end(boolean again) {
        if (again) {
            suspects.forEach((key, suspect) -> unsettled.put(key, suspect.rows));
            suspects.clear();
        }
        List.copyOf(suspects.keySet()).forEach(this::differs);
        for (KeyRows rows : unsettled.values()) {
            owner = owner.plus(rows.ownerTally());
            follower = follower.plus(rows.followerTally());
        }
        judge();
    }

    /// It cannot be compared.
    void notCompared(String why) {
        reset();
        verdict = Verdict.NOT_COMPARED;
        note = why;
    }

    /// What is left for the write pause; empty if nothing is.
    Optional<Unsettled.PendingTable> rest() {
        return verdict == Verdict.UNSETTLED || (verdict == Verdict.DIFFERENT && !unsettled.isEmpty())
                ? Optional.of(new Unsettled.PendingTable(pair, whole || unkept > 0, unsettled.keySet()))
                : Optional.empty();
    }

    /// For people.
    ///
    /// @param ownerSide which server the owner is
    TableVerdict verdict(Side ownerSide) {
        if (known.isPresent()) {
            return unread(notes.proof(ownerSide).orElseThrow());
        }
        Tally source = ownerSide == Side.SOURCE ? owner : follower;
        Tally target = ownerSide == Side.SOURCE ? follower : owner;
        String warning = verdict == Verdict.DIFFERENT ? pair.warning() : "";
        return new TableVerdict(
                pair.table(),
                verdict,
                read ? source.rows() : -1,
                read ? target.rows() : -1,
                read ? source.display() : "",
                read ? target.display() : "",
                differences,
                verdict == Verdict.UNSETTLED && whole ? 1 : unsettled.size() + unkept,
                first,
                note.isEmpty() ? warning : note,
                isEqual() ? notes.proof(ownerSide) : Optional.empty());
    }

    private TableVerdict unread(TableProof proof) {
        SideMark source = proof.source().orElseThrow();
        SideMark target = proof.target().orElseThrow();
        return new TableVerdict(
                pair.table(),
                Verdict.EQUAL,
                source.rows(),
                target.rows(),
                source.digest(),
                target.digest(),
                0,
                0,
                List.of(),
                "Not read again: no row was changed on either side since " + proof.readAt() + ".",
                Optional.of(proof));
    }

    private void again(String why) {
        reset();
        note = "It has to be compared again: " + why + ".";
        verdict = Verdict.UNSETTLED;
    }

    private void reset() {
        read = false;
        whole = true;
        owner = Tally.NONE;
        follower = Tally.NONE;
        unsettled.clear();
        suspects.clear();
        first.clear();
        differences = 0;
        unkept = 0;
        known = Optional.empty();
        note = "";
    }

    private void judge() {
        whole = !read;
        note = read ? "" : note;
        if (unkept > 0) {
            note = unkept + " more rows differed at first sight and were not looked at one by one.";
        }
        if (differences > 0) {
            verdict = Verdict.DIFFERENT;
        } else if (whole || unkept > 0 || !unsettled.isEmpty() || !suspects.isEmpty()) {
            verdict = Verdict.UNSETTLED;
        } else {
            verdict = Verdict.EQUAL;
        }
    }

    /// Its rows do not count until they are equal, so that counts and sums of settled tables agree.
    private void unsettle(KeyRows rows) {
        owner = owner.minus(rows.ownerTally());
        follower = follower.minus(rows.followerTally());
        unsettled.put(rows.key(), rows);
    }

    private void suspect(KeyRows rows, TableFound.Compared compared) {
        owner = owner.minus(rows.ownerTally());
        follower = follower.minus(rows.followerTally());
        suspects.put(rows.key(), new Suspect(rows, details(rows, compared)));
    }

    private void settle(KeyRows rows) {
        unsettled.remove(rows.key());
        suspects.remove(rows.key());
        owner = owner.plus(rows.ownerTally());
        follower = follower.plus(rows.followerTally());
    }

    private void differs(String key) {
        Suspect suspect = suspects.remove(key);
        if (suspect != null) {
            owner = owner.plus(suspect.rows.ownerTally());
            follower = follower.plus(suspect.rows.followerTally());
            differences += suspect.rows.differences();
            suspect.details.ifPresent(this::show);
        }
    }

    private void show(RowDifference difference) {
        if (first.size() < SHOWN) {
            first.add(difference);
        }
    }

    private static Optional<RowDifference> details(KeyRows rows, TableFound.Compared compared) {
        return Optional.ofNullable(compared.details().get(rows.key()));
    }
}
