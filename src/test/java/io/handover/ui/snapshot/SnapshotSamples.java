package io.handover.ui.snapshot;

import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.ReplicaIdentity;
import io.handover.model.TableInfo;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.TableRef;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Tables and readings for the page's tests.
final class SnapshotSamples {

    static final long MB = 1024 * 1024;

    private SnapshotSamples() {}

    /// A shop with partitions, a table without a replica identity, an unlogged one and one never analysed.
    static List<TableInfo> shop() {
        var events = new TableRef("shop", "events");
        return List.of(
                table("audit", "log", 940 * MB, 4_100_000, ReplicaIdentity.NONE),
                table("audit", "logins", 12 * MB, -1, ReplicaIdentity.PRIMARY_KEY),
                table("shop", Samples.LONG_NAME, 3 * MB, 812, ReplicaIdentity.FULL),
                table("shop", "customers", 310 * MB, 120_433, ReplicaIdentity.PRIMARY_KEY),
                new TableInfo(
                        new TableRef("shop", "events_2024"), events, 800 * MB, 9_000_000, ReplicaIdentity.INDEX, false),
                new TableInfo(
                        new TableRef("shop", "events_2025"), events, 700 * MB, 8_000_000, ReplicaIdentity.INDEX, false),
                table("shop", "order_lines", 2600 * MB, 18_204_113, ReplicaIdentity.PRIMARY_KEY),
                new TableInfo(
                        new TableRef("shop", "sessions"),
                        new TableRef("shop", "sessions"),
                        44 * MB,
                        90_000,
                        ReplicaIdentity.PRIMARY_KEY,
                        true));
    }

    static List<TableInfo> many(int number) {
        var all = new ArrayList<TableInfo>();
        for (int i = 0; i < number; i++) {
            all.add(table("public", "t" + i, 8192, i, ReplicaIdentity.PRIMARY_KEY));
        }
        return all;
    }

    static TableInfo table(String schema, String name, long bytes, long rows, ReplicaIdentity identity) {
        var ref = new TableRef(schema, name);
        return new TableInfo(ref, ref, bytes, rows, identity, false);
    }

    /// Half way through.
    static CopyProgress half() {
        return new CopyProgress(
                FakeMigration.NOON,
                "Copying rows",
                List.of(
                        progress("audit", "log", Phase.WAITING, 940 * MB, 4_100_000, 0),
                        progress("shop", Samples.LONG_NAME, Phase.COPYING, 3 * MB, 812, 203),
                        progress("shop", "customers", Phase.DONE, 310 * MB, 120_433, 120_433),
                        progress("shop", "order_lines", Phase.COPYING, 2600 * MB, 18_204_113, 9_102_056),
                        progress("shop", "stock", Phase.INDEXING, 90 * MB, 40_000, 40_012)),
                1700 * MB,
                3400 * MB,
                9_262_704,
                88.4 * MB,
                new Eta.Ready(Duration.ofSeconds(200)),
                3,
                14,
                Duration.ofMinutes(12),
                212 * MB);
    }

    /// All there.
    static CopyProgress whole() {
        return new CopyProgress(
                FakeMigration.NOON,
                "",
                List.of(
                        progress("shop", "customers", Phase.DONE, 300 * MB, 120_433, 120_433),
                        progress("shop", "order_lines", Phase.DONE, 500 * MB, 1_000, 1_002)),
                800 * MB,
                800 * MB,
                121_435,
                0,
                new Eta.Done(),
                14,
                14,
                Duration.ZERO,
                12 * MB);
    }

    static TableProgress progress(String schema, String name, Phase phase, long bytes, long rows, long copied) {
        return new TableProgress(
                new TableRef(schema, name), phase, bytes, rows, copied, rows <= 0 ? 0 : bytes * copied / rows);
    }
}
