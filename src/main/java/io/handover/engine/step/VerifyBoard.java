package io.handover.engine.step;

import io.handover.model.Lsn;
import io.handover.model.Operator;
import io.handover.model.SchemaDifference;
import io.handover.model.SeenBefore;
import io.handover.model.Side;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.DifferenceCauses;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All tables of one comparison, and the report that is made of them. Any thread.
final class VerifyBoard {

    private final Side owner;
    private final InstantSource clock;
    private final boolean confirm;
    private final Operator by;
    private final Map<TableRef, TableProof> earlier;
    private final Map<TableRef, VerifyTable> tables = new TreeMap<>();
    private final Map<TableRef, TableVerdict> impossible = new TreeMap<>();
    private final Set<TableRef> told = new HashSet<>();
    private final Map<TableRef, Long> underWay = new HashMap<>();
    private final VerifiedViews views = new VerifiedViews();
    private List<String> notCompared = List.of();
    private List<String> unfollowed = List.of();
    private List<SchemaDifference> schema = List.of();
    private Map<TableRef, String> causes = Map.of();
    private Instant startedAt;
    private Optional<SeenBefore> seen = Optional.empty();
    private Lsn lsn = new Lsn(0);
    private Lsn roundLsn = new Lsn(0);
    private Duration paused = Duration.ZERO;
    private Optional<String> refused = Optional.empty();
    private int rounds;
    private long bytesDone;

    /// @param confirm true if writes go on: then differences have to show twice
    /// @param by      who has it done
    /// @param earlier by what tables were proved equal before that are not to be read again without need
    VerifyBoard(Side owner, InstantSource clock, boolean confirm, Operator by, Map<TableRef, TableProof> earlier) {
        this.owner = owner;
        this.clock = clock;
        this.confirm = confirm;
        this.by = by;
        this.earlier = Map.copyOf(earlier);
        this.startedAt = clock.instant();
    }

    /// Notes what can be seen before anything is compared.
    synchronized void seen(SeenBefore now) {
        seen = Optional.of(now);
    }

    /// Takes the tables as they are before the next round: with the first one all, later those that are left.
    synchronized void scope(VerifyScope scope) {
        notCompared = scope.notCompared();
        var pairs = scope.pairs().stream().collect(Collectors.toMap(TablePair::table, p -> p));
        if (rounds == 0) {
            tables.clear();
            impossible.clear();
            pairs.forEach((table, pair) ->
                    tables.put(table, new VerifyTable(pair, confirm, Optional.ofNullable(earlier.get(table)))));
            views.scope(scope.views());
            scope.impossible().forEach(v -> impossible.put(v.table(), v));
            return;
        }
        for (VerifyTable table : tables.values()) {
            TablePair now = pairs.get(table.pair().table());
            if (now != null) {
                table.pair(now);
            } else if (table.isPending()) {
                table.notCompared("it was dropped or altered meanwhile");
            }
        }
    }

    /// The tables as the next round has them.
    synchronized List<TablePair> pairs() {
        return tables.values().stream().map(VerifyTable::pair).toList();
    }

    /// How sequences and large objects stand.
    synchronized void unfollowed(List<String> lines) {
        unfollowed = lines;
    }

    /// What of the schema is not the same, and what there may make rows differ.
    synchronized void schema(List<SchemaDifference> differences, Map<TableRef, String> explanations) {
        schema = differences;
        causes = explanations;
    }

    /// The snapshots of a round are taken.
    synchronized void roundBegan(Lsn ownerLsn, Duration held) {
        rounds++;
        roundLsn = ownerLsn;
        paused = paused.plus(held);
        if (rounds == 1) {
            startedAt = clock.instant();
            lsn = ownerLsn;
        }
    }

    /// The follower's apply cannot be held: from here on both sides are compared behind fences.
    ///
    /// @param why the server's words
    synchronized void refused(String why) {
        refused = Optional.of(why);
    }

    /// What the next round has to compare, biggest first.
    synchronized List<VerifyItem> items() {
        return Stream.concat(
                        tables.values().stream()
                                .filter(VerifyTable::isPending)
                                .map(t -> new VerifyItem(t.pair(), t.keys(), t.earlier(), Optional.empty())),
                        rounds == 0 ? views.items().stream() : Stream.<VerifyItem>empty())
                .sorted(Comparator.comparingLong(
                                (VerifyItem i) -> i.isWhole() ? i.pair().bytes() : 0)
                        .reversed())
                .toList();
    }

    /// How many keys and whole tables are left for another round.
    synchronized long left() {
        return tables.values().stream().mapToLong(VerifyTable::left).sum();
    }

    /// True if there are differences that have shown once only.
    synchronized boolean isSuspicious() {
        return tables.values().stream().anyMatch(VerifyTable::isSuspicious);
    }

    synchronized void running(VerifyItem item) {
        table(item).running();
    }

    /// So many more bytes of a table that is not done yet were read. It may be read more than once.
    synchronized void read(TablePair pair, long bytes) {
        long all = pair.bytes();
        underWay.merge(pair.table(), Math.min(all, bytes), (before, more) -> Math.min(all, before + more));
    }

    synchronized void found(VerifyItem item, TableFound found) {
        underWay.remove(item.pair().table());
        if (item.isWhole()) {
            table(item).whole(found, roundLsn, clock.instant());
            bytesDone += item.pair().bytes();
        } else {
            table(item).keys(found);
        }
    }

    /// Tables proved equal since this was asked last; for the journal, so that they need not be read again should this
    /// comparison be broken off.
    synchronized List<TableVerdict> newlyProved() {
        var fresh = new ArrayList<TableVerdict>();
        for (VerifyTable table : tables.values()) {
            if (table.isEqual() && told.add(table.pair().table())) {
                fresh.add(table.verdict(owner));
            }
        }
        return fresh;
    }

    /// No round follows.
    synchronized void end() {
        tables.values().stream().filter(VerifyTable::isPending).forEach(table -> table.end(refused.isPresent()));
    }

    /// It was broken off: whatever is not done was not compared.
    synchronized void breakOff(String why) {
        tables.values().stream().filter(VerifyTable::isPending).forEach(t -> t.notCompared(why));
    }

    /// What is left for the write pause.
    synchronized Unsettled unsettled() {
        return new Unsettled(tables.values().stream()
                .map(VerifyTable::rest)
                .flatMap(Optional::stream)
                .toList());
    }

    /// 0 to 1 by bytes.
    synchronized double fraction() {
        long all = tables.values().stream().mapToLong(t -> t.pair().bytes()).sum();
        long now = underWay.values().stream().mapToLong(Long::longValue).sum();
        return all == 0 ? 1 : Math.min(1, (double) (bytesDone + now) / all);
    }

    synchronized VerifyReport report(boolean finished) {
        Map<TableRef, TableVerdict> verdicts = new TreeMap<>(impossible);
        var left = new ArrayList<>(notCompared);
        left.addAll(views.lines(owner));
        left.addAll(unfollowed);
        tables.forEach((name, table) -> verdicts.put(name, explained(table.verdict(owner))));
        return new VerifyReport(
                startedAt,
                Duration.between(startedAt, clock.instant()),
                finished,
                owner,
                method(),
                lsn,
                paused,
                new ArrayList<>(verdicts.values()),
                left,
                schema,
                Optional.of(by),
                seen);
    }

    private TableVerdict explained(TableVerdict verdict) {
        return verdict.verdict() == TableVerdict.Verdict.DIFFERENT
                ? verdict.noting(causes.getOrDefault(verdict.table(), DifferenceCauses.unexplained()))
                : verdict;
    }

    private String method() {
        long unread = tables.values().stream().filter(VerifyTable::isUnread).count();
        return way()
                + (unread == 0
                        ? ""
                        : "; " + unread + (unread == 1 ? " table was" : " tables were")
                                + " not read again, because no row of "
                                + (unread == 1 ? "it" : "them") + " was changed on either side since the last proof");
    }

    private String way() {
        if (refused.isPresent()) {
            return "Every row by its hash, while writes went on, and what differed row by row behind " + rounds
                    + (rounds == 1 ? " fence" : " fences") + " in the log: the follower's apply could not be held ("
                    + refused.get() + ")";
        }
        return confirm
                ? "Every row by its hash, while writes went on: " + rounds + (rounds == 1 ? " hold" : " short holds")
                        + " of the follower's apply, " + paused.toMillis() + " ms in all"
                : "Every row by its hash, both sides standing still";
    }

    private VerifyTable table(VerifyItem item) {
        TableRef name = item.pair().table();
        return Optional.ofNullable(tables.get(name))
                .or(() -> views.find(name))
                .orElseThrow(() -> new IllegalStateException("not in this comparison: " + name));
    }
}
