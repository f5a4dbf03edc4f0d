package io.handover.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// One handing over, measured.
///
/// @param servers   writes stopped, by the method's own clock
/// @param clients   between the last commit that was acknowledged on the old server and the first on the new
/// @param perSecond transactions that the application made just before
record PauseTurn(Duration servers, Duration clients, double perSecond) {

    /// The median in milliseconds; of two in the middle the higher.
    static long median(List<PauseTurn> turns, Function<PauseTurn, Duration> what) {
        return turns.stream().map(what).sorted().toList().get(turns.size() / 2).toMillis();
    }

    /// The longest in milliseconds.
    static long longest(List<PauseTurn> turns, Function<PauseTurn, Duration> what) {
        return turns.stream().map(what).max(Duration::compareTo).orElseThrow().toMillis();
    }
}
